package tirl.daemon.spa;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.ruleset.GuardRuleset;

/** A kernel in memory, without time. */
public final class OpenPorts implements Firewall {
    public final TreeSet<String> open = new TreeSet<>();
    boolean refuses;

    /** Nothing is open. */
    public OpenPorts() {}

    @Override
    public void install(GuardRuleset ruleset) {
        // Nothing to guard: what is open is all that counts.
    }

    @Override
    public void open(Collection<TimedOpening> openings) throws FirewallException {
        if (refuses) {
            throw new FirewallException("the kernel said no");
        }
        openings.forEach(timed -> {
            shut(timed.opening());
            open.add(
                    name(timed.opening()) + timed.nat().map(nat -> " to " + nat).orElse(""));
        });
    }

    @Override
    public void close(Collection<Opening> openings) throws FirewallException {
        if (refuses) {
            throw new FirewallException("the kernel said no");
        }
        openings.forEach(this::shut);
    }

    /** Wherever it leads. */
    private void shut(Opening opening) {
        open.removeIf(each -> each.equals(name(opening)) || each.startsWith(name(opening) + " to "));
    }

    private static String name(Opening opening) {
        return opening.source() + " " + opening.port();
    }

    @Override
    public CompletableFuture<Map<Opening, Integer>> cut(Collection<Opening> openings) {
        return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public List<TimedOpening> openings() {
        return List.of();
    }

    @Override
    public void uninstall() {
        open.clear();
    }
}

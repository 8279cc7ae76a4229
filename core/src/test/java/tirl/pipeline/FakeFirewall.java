package tirl.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.ruleset.GuardRuleset;
import tirl.ruleset.TrialRuleset;

/** A kernel in memory. Time does not pass in it. */
final class FakeFirewall implements Firewall {
    final Map<Opening, TimedOpening> open = new HashMap<>();
    final List<GuardRuleset> installed = new ArrayList<>();
    final List<TrialRuleset> tried = new ArrayList<>();
    final Map<Opening, Integer> connections = new HashMap<>();
    final List<Opening> cut = new ArrayList<>();
    boolean refuses;

    @Override
    public void install(GuardRuleset ruleset) throws FirewallException {
        check();
        installed.add(ruleset);
    }

    @Override
    public void install(TrialRuleset trial) throws FirewallException {
        check();
        tried.add(trial);
    }

    @Override
    public void open(Collection<TimedOpening> openings) throws FirewallException {
        check();
        openings.forEach(timed -> open.put(timed.opening(), timed));
    }

    @Override
    public void close(Collection<Opening> openings) throws FirewallException {
        check();
        openings.forEach(open::remove);
    }

    @Override
    public CompletableFuture<Map<Opening, Integer>> cut(Collection<Opening> openings) throws FirewallException {
        check();
        Map<Opening, Integer> ended = new HashMap<>();
        for (Opening opening : openings) {
            cut.add(opening);
            Integer live = connections.remove(opening);
            if (live != null) {
                ended.put(opening, live);
            }
        }
        return CompletableFuture.completedFuture(ended);
    }

    @Override
    public List<TimedOpening> openings() throws FirewallException {
        check();
        return List.copyOf(open.values());
    }

    @Override
    public void uninstall() {
        open.clear();
    }

    private void check() throws FirewallException {
        if (refuses) {
            throw new FirewallException("the kernel said no");
        }
    }
}

package tirl.daemon.practice;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.ruleset.GuardRuleset;

/** A firewall on which nothing is ever open: what would open goes to who rehearses it. */
class Stage implements Firewall {
    private final Rehearsed rehearsed;

    Stage(Rehearsed rehearsed) {
        this.rehearsed = rehearsed;
    }

    @Override
    public void open(Collection<TimedOpening> openings) throws FirewallException {
        for (TimedOpening opening : openings) {
            rehearsed.open(opening);
        }
    }

    @Override
    public void close(Collection<Opening> openings) {
        // It was never open.
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
    public void install(GuardRuleset ruleset) {
        throw new IllegalStateException("a rehearsal changes no rules");
    }

    @Override
    public void uninstall() {
        throw new IllegalStateException("a rehearsal changes no rules");
    }
}

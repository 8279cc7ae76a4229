package tirl.daemon.practice;

import java.util.List;
import tirl.config.Config;
import tirl.event.EventSink;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.grant.Policy;
import tirl.pipeline.Pipeline;
import tirl.recognise.Recognisers;

/** A pipeline on a {@link Stage}, for what opens by packets of its own: leases last until the next {@link #clear}. */
public final class StagedPipeline {
    private final Pipeline pipeline;

    /** @param events takes what would be told */
    public StagedPipeline(EventSink events) {
        pipeline =
                new Pipeline(new Recognisers(List.of()), new Policy(Config.Limits.DEFAULT), new Stage(_ -> {}), events);
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    /** Revokes what was opened. */
    public void clear(long nowNs) {
        try {
            for (Lease lease : pipeline.leases()) {
                pipeline.revoke(lease, nowNs);
            }
        } catch (FirewallException stageHasNone) {
            throw new IllegalStateException(stageHasNone);
        }
    }

    /** How many times something was opened. */
    public long opened() {
        return pipeline.counters().opened();
    }
}

package tirl.daemon.practice;

import java.util.List;
import tirl.config.Config;
import tirl.event.EventSink;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.grant.Policy;
import tirl.pipeline.Pipeline;
import tirl.recognise.Recognisers;

/** A pipeline on a stage, for what opens by packets of its own: leases last until {@link #clearAt}. */
public final class StagedPipeline {
    private final Pipeline pipeline;
    private final EventSink events;

    private StagedPipeline(Cast cast) {
        events = cast.events();
        pipeline = new Pipeline(
                new Recognisers(List.of()), new Policy(Config.Limits.DEFAULT), cast.firewall(), cast.ledger(), events);
    }

    /**
     * Three, to be taken in turn.
     *
     * @param events takes what would be told
     */
    public static List<StagedPipeline> three(EventSink events) {
        return Cast.three(_ -> {}, events).stream().map(StagedPipeline::new).toList();
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    /** Takes what would be told. */
    public EventSink events() {
        return events;
    }

    /** Revokes what was opened once there are so many leases. */
    public void clearAt(int leases, long nowNs) {
        if (pipeline.leaseCount() < leases) {
            return;
        }
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

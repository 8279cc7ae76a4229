package tirl.daemon.spa;

import java.util.Collection;
import java.util.function.LongSupplier;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.pipeline.Pipeline;

/**
 * Those of the pipeline.
 *
 * @param nanoTime the clock that leases end on
 */
public record PipelineLeases(Pipeline pipeline, LongSupplier nanoTime) implements DeviceLeases {
    @Override
    public Collection<Lease> live() {
        return pipeline.leases();
    }

    @Override
    public Collection<Lease> of(String device) {
        return pipeline.leasesOf(device);
    }

    @Override
    public void revoke(Lease lease) throws FirewallException {
        pipeline.revoke(lease, nanoTime.getAsLong());
    }
}

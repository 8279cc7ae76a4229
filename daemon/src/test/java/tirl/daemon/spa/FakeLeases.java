package tirl.daemon.spa;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import tirl.device.DeviceLabel;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.packet.Address;

/** Leases without a kernel. */
final class FakeLeases implements DeviceLeases {
    private final List<Lease> live = new ArrayList<>();
    boolean kernelRefuses;

    void open(String device, String service) {
        live.add(new Lease(
                live.size() + 1L,
                Address.parse("192.0.2.7").orElseThrow(),
                DeviceLabel.of(device, service),
                List.of(),
                Long.MAX_VALUE));
    }

    void endAll() {
        live.clear();
    }

    List<String> labels() {
        return live.stream().map(Lease::label).toList();
    }

    @Override
    public Collection<Lease> live() {
        return live;
    }

    @Override
    public Collection<Lease> of(String device) {
        return live.stream()
                .filter(lease -> DeviceLabel.isOf(device, lease.label()))
                .toList();
    }

    @Override
    public void revoke(Lease lease) throws FirewallException {
        if (kernelRefuses) {
            throw new FirewallException("no");
        }
        live.remove(lease);
    }
}

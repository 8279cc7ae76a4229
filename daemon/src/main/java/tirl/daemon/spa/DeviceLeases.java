package tirl.daemon.spa;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import tirl.grant.FirewallException;
import tirl.grant.Lease;

/** The leases of this host, for the end of a device. Decision thread only. */
public interface DeviceLeases {
    /** All that are live, of devices and others. */
    Collection<Lease> live();

    /** The live ones with labels of this device. */
    Collection<Lease> of(String device);

    /** Takes one back. */
    void revoke(Lease lease) throws FirewallException;

    /** Takes back all of a device, which may have had other names; gives how many. */
    default int revokeOf(Collection<String> names) throws FirewallException {
        int count = 0;
        for (String name : Set.copyOf(names)) {
            for (Lease lease : List.copyOf(of(name))) {
                revoke(lease);
                count++;
            }
        }
        return count;
    }
}

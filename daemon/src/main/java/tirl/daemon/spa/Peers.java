package tirl.daemon.spa;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tirl.device.AccessRules;
import tirl.device.Device;
import tirl.device.OpenInvitation;
import tirl.spa.SharedKeys;
import tirl.spa.X25519PrivateKey;
import tirl.spa.gate.Peer;
import tirl.spa.gate.ReplayWindow;

/** Makes the gate's peers. Each costs a key agreement; any thread. */
final class Peers {
    private Peers() {}

    /** The costly part, made beforehand. */
    record Ready(Device device, SharedKeys keys) {
        Peer peer(X25519PrivateKey server, ReplayWindow window) {
            return new Peer(device.name(), false, server, keys, device.seed(), window, isHybridOnly(device.rules()));
        }
    }

    /** Empty when the device's key is none that can be agreed with. */
    static Optional<Ready> ready(X25519PrivateKey server, Device device) {
        return SharedKeys.atServer(server, device.key(), device.enrolment()).map(keys -> new Ready(device, keys));
    }

    /** All of them, on all processors; fails with the name of one whose key is none. */
    static List<Ready> ready(X25519PrivateKey server, Collection<Device> devices) throws SpaException {
        List<Optional<Ready>> made =
                devices.parallelStream().map(device -> ready(server, device)).toList();
        List<Ready> all = new ArrayList<>(made.size());
        int at = 0;
        for (Device device : devices) {
            all.add(made.get(at)
                    .orElseThrow(() -> new SpaException("the key of device " + device.name()
                            + " is none that can be agreed with: it was made up; take the device away")));
            at++;
        }
        return all;
    }

    static Peer of(X25519PrivateKey server, OpenInvitation invitation) {
        return new Peer(
                invitation.name(),
                true,
                server,
                invitation.secret().keys(server.publicKey()),
                invitation.secret().kemSeed(server.publicKey()),
                new ReplayWindow(),
                isHybridOnly(invitation.rules()));
    }

    /** Whether the two are one to the gate. */
    static boolean isSame(Device one, Device other) {
        return one.key().equals(other.key())
                && MessageDigest.isEqual(
                        one.enrolment().bytes(), other.enrolment().bytes())
                && MessageDigest.isEqual(one.seed().bytes(), other.seed().bytes());
    }

    static boolean isHybridOnly(AccessRules rules) {
        return !rules.classical();
    }
}

package tirl.daemon.spa;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tirl.device.AccessRules;
import tirl.device.Device;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;
import tirl.spa.gate.Peer;
import tirl.spa.gate.ReplayWindow;
import tirl.spa.gate.SpaGate;

/** All devices and invitations in memory, by name and by the gate's numbers. Belongs to the decision thread. */
final class Roster {
    private final SpaGate gate;
    private final X25519PrivateKey server;
    private final Map<String, Enrolled> devices = new TreeMap<>();
    private final Map<String, Invited> invitations = new TreeMap<>();
    private final Map<Integer, Enrolled> deviceOf = new HashMap<>();
    private final Map<Integer, Invited> invitationOf = new HashMap<>();
    /** Also of keys that are gone: one that comes back must not take its old packets again. */
    private final Map<X25519PublicKey, ReplayWindow> windows;
    /** Whose each key is, from the moment on that it is on its way to the disk. */
    private final Map<X25519PublicKey, String> owners = new HashMap<>();

    Roster(SpaGate gate, X25519PrivateKey server, Map<X25519PublicKey, ReplayWindow> windows) {
        this.gate = gate;
        this.server = server;
        this.windows = new HashMap<>(windows);
    }

    SpaGate gate() {
        return gate;
    }

    X25519PrivateKey server() {
        return server;
    }

    Collection<Enrolled> devices() {
        return devices.values();
    }

    Collection<Invited> invitations() {
        return invitations.values();
    }

    @Nullable
    Enrolled device(String name) {
        return devices.get(name);
    }

    @Nullable
    Invited invitation(String name) {
        return invitations.get(name);
    }

    @Nullable
    Enrolled device(int number) {
        return deviceOf.get(number);
    }

    @Nullable
    Invited invitation(int number) {
        return invitationOf.get(number);
    }

    boolean hasName(String name) {
        return devices.containsKey(name) || invitations.containsKey(name);
    }

    ReplayWindow window(X25519PublicKey key) {
        return windows.computeIfAbsent(key, _ -> new ReplayWindow());
    }

    /** Whose key it is. */
    Optional<String> owner(X25519PublicKey key) {
        return Optional.ofNullable(owners.get(key));
    }

    void claim(X25519PublicKey key, String name) {
        owners.put(key, name);
    }

    void disclaim(X25519PublicKey key) {
        owners.remove(key);
    }

    /** Whether the device of this name has this key. */
    boolean uses(Device device) {
        Enrolled enrolled = devices.get(device.name());
        return enrolled != null && enrolled.device.key().equals(device.key());
    }

    /** The device with its peers under the numbers that a new gate has given them. */
    void adopt(Enrolled enrolled) {
        devices.put(enrolled.name(), enrolled);
        claim(enrolled.device.key(), enrolled.name());
        deviceOf.put(enrolled.number, enrolled);
        enrolled.old.ifPresent(before -> {
            claim(before.device().key(), enrolled.name());
            deviceOf.put(before.number(), enrolled);
        });
        deviceOf.remove(Enrolled.NOWHERE);
    }

    void adopt(Invited invited) {
        invitations.put(invited.name(), invited);
        if (invited.number != Enrolled.NOWHERE) {
            invitationOf.put(invited.number, invited);
        }
    }

    /** A new device; heard from now on. */
    void add(Enrolled enrolled, Peer peer) {
        adopt(enrolled);
        seat(enrolled, peer);
    }

    /** Heard again, or with a new key. */
    void seat(Enrolled enrolled, Peer peer) {
        enrolled.number = gate.add(peer);
        deviceOf.put(enrolled.number, enrolled);
    }

    void add(Invited invited, Peer peer) {
        invited.number = gate.add(peer);
        adopt(invited);
    }

    /** Not heard any more by any key, at once; but known until the store has forgotten it. */
    void shut(Enrolled enrolled) {
        enrolled.revoked = true;
        forgetOld(enrolled);
        unseat(enrolled);
    }

    void shut(Invited invited) {
        invited.revoked = true;
        unseat(invited);
    }

    /** Its current key is not heard any more. */
    void unseat(Enrolled enrolled) {
        leave(enrolled.number);
        enrolled.number = Enrolled.NOWHERE;
    }

    /** Its key before is forgotten. */
    void forgetOld(Enrolled enrolled) {
        enrolled.old.ifPresent(before -> {
            leave(before.number());
            disclaim(before.device().key());
        });
        enrolled.old = Optional.empty();
    }

    /**
     * The device has another key from now on.
     *
     * @param keep the number of the key that is taken too, until then: the present one, or the one before
     */
    void rekey(Enrolled enrolled, Device device, Peer peer, int keep, long untilMs) {
        Device kept = enrolled.by(keep);
        if (keep == enrolled.number) {
            forgetOld(enrolled);
        } else {
            leave(enrolled.number);
            disclaim(enrolled.device.key());
        }
        enrolled.old = Optional.of(new Enrolled.OldKey(kept, keep, untilMs));
        enrolled.device = device;
        claim(device.key(), device.name());
        seat(enrolled, peer);
    }

    void unseat(Invited invited) {
        leave(invited.number);
        invited.number = Enrolled.NOWHERE;
    }

    void remove(Enrolled enrolled) {
        forgetOld(enrolled);
        unseat(enrolled);
        devices.remove(enrolled.name(), enrolled);
        disclaim(enrolled.device.key());
    }

    void remove(Invited invited) {
        unseat(invited);
        invitations.remove(invited.name(), invited);
        invited.invitation.secret().wipe();
    }

    void rename(String name, String to) {
        Enrolled enrolled = devices.remove(name);
        if (enrolled != null) {
            Device was = enrolled.device;
            enrolled.become(new Device(to, was.key(), was.enrolment(), was.seed(), was.rules()));
            devices.put(to, enrolled);
            tell(enrolled);
        }
        Invited invited = invitations.remove(name);
        if (invited != null) {
            invited.become(to, invited.invitation.rules());
            invitations.put(to, invited);
            gate.change(invited.number, to, Peers.isHybridOnly(invited.invitation.rules()));
        }
    }

    void change(Enrolled enrolled, AccessRules rules) {
        Device was = enrolled.device;
        enrolled.become(new Device(was.name(), was.key(), was.enrolment(), was.seed(), rules));
        tell(enrolled);
    }

    void change(Invited invited, AccessRules rules) {
        invited.become(invited.name(), rules);
        gate.change(invited.number, invited.name(), Peers.isHybridOnly(rules));
    }

    /** The gate has the name and one of the rules itself. */
    private void tell(Enrolled enrolled) {
        claim(enrolled.device.key(), enrolled.name());
        List<Integer> numbers = new ArrayList<>(List.of(enrolled.number));
        enrolled.old.ifPresent(before -> {
            numbers.add(before.number());
            claim(before.device().key(), enrolled.name());
        });
        numbers.forEach(number -> gate.change(number, enrolled.name(), Peers.isHybridOnly(enrolled.device.rules())));
    }

    private void leave(int number) {
        if (number != Enrolled.NOWHERE) {
            gate.remove(number);
            deviceOf.remove(number);
            invitationOf.remove(number);
        }
    }
}

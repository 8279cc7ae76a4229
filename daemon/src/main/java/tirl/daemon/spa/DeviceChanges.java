package tirl.daemon.spa;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tirl.daemon.config.Names;
import tirl.daemon.control.ControlException;
import tirl.device.AccessRules;
import tirl.device.OpenInvitation;
import tirl.grant.FirewallException;
import tirl.spa.InvitationSecret;
import tirl.spa.X25519PublicKey;

/**
 * What an administrator changes, on the decision thread. Each gives the claim that has to be written; empty when another
 * change of that name is on its way to the disk, which is over in a moment.
 */
final class DeviceChanges {
    private final Surroundings around;
    private final Roster roster;
    private final Devices devices;
    private final FileDevices files;
    /** That a change under way will bring. */
    private final Set<String> names = new HashSet<>();

    DeviceChanges(Surroundings around, Roster roster, Devices devices, FileDevices files) {
        this.around = around;
        this.roster = roster;
        this.devices = devices;
        this.files = files;
    }

    /** An invitation for a new name. */
    Optional<Claim> invite(String name, AccessRules rules, Instant until, InvitationSecret secret)
            throws ControlException {
        refuseTaken(name);
        return Optional.of(invitation(new OpenInvitation(name, secret, until, rules)));
    }

    /** An invitation for the next key of a device; one that is open already gives way to it. */
    Optional<Claim> replace(String name, Instant until, InvitationSecret secret) throws ControlException {
        Enrolled enrolled = own(name);
        if (enrolled == null) {
            throw new ControlException("there is no device \"" + name + "\"" + remedy(name));
        }
        Invited open = roster.invitation(name);
        boolean busy = enrolled.underway.isBusy() || names.contains(name) || (open != null && open.underway.isBusy());
        return busy
                ? Optional.empty()
                : Optional.of(invitation(new OpenInvitation(name, secret, until, enrolled.device.rules())));
    }

    private String remedy(String name) {
        return roster.invitation(name) == null
                ? "; `tirl devices` lists them"
                : ": nobody has used its invitation yet; take that back and invite again";
    }

    private Claim invitation(OpenInvitation invitation) {
        names.add(invitation.name());
        return new Claim(
                session -> new DeviceRows(session).put(invitation),
                () -> {
                    names.remove(invitation.name());
                    Invited open = roster.invitation(invitation.name());
                    if (open != null) {
                        roster.remove(open);
                    }
                    roster.add(new Invited(invitation), Peers.of(roster.server(), invitation));
                },
                () -> names.remove(invitation.name()));
    }

    /** The offline enrolment of section 9.3. */
    Optional<Claim> enrol(String name, X25519PublicKey key) throws ControlException {
        Invited invited = roster.invitation(name);
        if (invited == null || invited.revoked) {
            throw new ControlException("there is no open invitation for \"" + name + "\"; `tirl devices` lists them");
        }
        Optional<String> owner = roster.owner(key);
        if (owner.isPresent() && !owner.get().equals(name)) {
            throw new ControlException("this is the key of device \"" + owner.get() + "\" already");
        }
        if (invited.underway.isBusy()) {
            return Optional.empty();
        }
        Optional<Claim> claim = devices.enrol(invited, key);
        if (claim.isEmpty()) {
            throw new ControlException("this key cannot be used: it was made up, or it is the device's already");
        }
        return claim;
    }

    Optional<Claim> rename(String name, String to) throws ControlException {
        Enrolled enrolled = own(name);
        Invited invited = roster.invitation(name);
        if (enrolled == null && invited == null) {
            throw unknown(name);
        }
        refuseTaken(to);
        if (!around.leases().of(to).isEmpty()) {
            throw new ControlException("there are still leases of a device that was named \"" + to
                    + "\"; wait for their end or take them back: `tirl leases` lists them");
        }
        if (isBusy(enrolled, invited)) {
            return Optional.empty();
        }
        List<String> former = enrolled == null ? List.of() : formerNames(enrolled);
        names.add(to);
        begin(enrolled, invited);
        Runnable end = () -> {
            names.remove(to);
            end(enrolled, invited);
        };
        return Optional.of(new Claim(
                session -> new DeviceRows(session).rename(name, to, former),
                () -> {
                    end.run();
                    if (enrolled != null) {
                        enrolled.former.clear();
                        enrolled.former.addAll(former);
                    }
                    roster.rename(name, to);
                },
                end));
    }

    /** Those under which leases live, and the present one: its leases keep it. */
    private List<String> formerNames(Enrolled enrolled) {
        return enrolled.names().stream()
                .filter(name -> !around.leases().of(name).isEmpty())
                .toList();
    }

    /** Other rules, at once; what is open stays to its end. Of a device and of its open invitation alike. */
    Optional<Claim> change(String name, AccessRules rules) throws ControlException {
        Enrolled enrolled = own(name);
        Invited invited = roster.invitation(name);
        if (enrolled == null && invited == null) {
            throw unknown(name);
        }
        if (isBusy(enrolled, invited)) {
            return Optional.empty();
        }
        begin(enrolled, invited);
        return Optional.of(new Claim(
                session -> new DeviceRows(session).putRules(name, rules),
                () -> {
                    end(enrolled, invited);
                    if (enrolled != null) {
                        roster.change(enrolled, rules);
                    }
                    if (invited != null) {
                        roster.change(invited, rules);
                    }
                },
                () -> end(enrolled, invited)));
    }

    /**
     * The first half of revoking: from now on it is not heard, and its leases are over. What is still in the store is the
     * second half's.
     */
    int shut(String name) throws ControlException {
        Enrolled enrolled = own(name);
        Invited invited = roster.invitation(name);
        if (enrolled == null && invited == null) {
            throw unknown(name);
        }
        if (invited != null) {
            roster.shut(invited);
        }
        if (enrolled == null) {
            return 0;
        }
        roster.shut(enrolled);
        try {
            return around.leases().revokeOf(enrolled.names());
        } catch (FirewallException e) {
            throw new ControlException(
                    "device \"" + name
                            + "\" is not heard any more, but its leases are still open, and it is in the store:"
                            + " the kernel did not take them back: " + e.reason() + "; ask again",
                    e);
        }
    }

    /** The second half. */
    Optional<Claim> forget(String name) {
        Enrolled enrolled = roster.device(name);
        Invited invited = roster.invitation(name);
        if (isBusy(enrolled, invited)) {
            return Optional.empty();
        }
        begin(enrolled, invited);
        return Optional.of(new Claim(
                session -> {
                    DeviceRows rows = new DeviceRows(session);
                    return rows.forgetInvitation(name) + rows.forgetDevice(name);
                },
                () -> {
                    end(enrolled, invited);
                    if (enrolled != null) {
                        roster.remove(enrolled);
                    }
                    if (invited != null) {
                        roster.remove(invited);
                    }
                },
                () -> end(enrolled, invited)));
    }

    /** What an import comes to. */
    record Import(Claim claim, int added, int changed) {}

    /** All or none of them. */
    Optional<Import> take(List<Peers.Ready> all, boolean replace) throws ControlException {
        List<Peers.Ready> added = new ArrayList<>();
        List<Peers.Ready> changed = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Set<X25519PublicKey> keys = new HashSet<>();
        for (Peers.Ready ready : all) {
            String name = ready.device().name();
            Enrolled there = own(name);
            Optional<String> owner = roster.owner(ready.device().key()).filter(other -> !other.equals(name));
            if (!seen.add(name) || !keys.add(ready.device().key()) || owner.isPresent()) {
                throw new ControlException("device \"" + name + "\": "
                        + owner.map(other -> "device \"" + other + "\" has its key already")
                                .orElse("its name or its key is in the import twice"));
            }
            if (roster.invitation(name) != null) {
                throw new ControlException("device \"" + name
                        + "\": there is an open invitation of this name; take it back with `tirl devices revoke " + name
                        + "`");
            }
            if (there != null && !replace) {
                throw new ControlException(
                        "device \"" + name + "\" is there already; --replace puts the import's in its" + " place");
            }
            if (names.contains(name) || isBusy(there, null)) {
                return Optional.empty();
            }
            if (there == null) {
                added.add(ready);
            } else if (!Peers.isSame(there.device, ready.device())
                    || !there.device.rules().equals(ready.device().rules())) {
                changed.add(ready);
            }
        }
        return Optional.of(new Import(take(added, changed), added.size(), changed.size()));
    }

    private Claim take(List<Peers.Ready> added, List<Peers.Ready> changed) {
        List<Peers.Ready> all = new ArrayList<>(added);
        all.addAll(changed);
        all.forEach(ready -> names.add(ready.device().name()));
        Runnable end = () -> all.forEach(ready -> names.remove(ready.device().name()));
        return new Claim(
                session -> {
                    DeviceRows rows = new DeviceRows(session);
                    return rows.put(all.stream().map(Peers.Ready::device).toList());
                },
                () -> {
                    end.run();
                    all.forEach(this::take);
                },
                end);
    }

    private void take(Peers.Ready ready) {
        Enrolled there = roster.device(ready.device().name());
        Enrolled fresh = new Enrolled(ready.device(), false);
        if (there != null) {
            if (Peers.isSame(there.device, ready.device())) {
                roster.forgetOld(there);
                roster.change(there, ready.device().rules());
                return;
            }
            fresh.use = there.use;
            fresh.former.addAll(there.former);
            roster.remove(there);
        }
        roster.add(
                fresh, ready.peer(roster.server(), roster.window(ready.device().key())));
    }

    /** The device of the store; empty when there is none, and refused when it is of a file. */
    private @Nullable Enrolled own(String name) throws ControlException {
        Enrolled enrolled = roster.device(name);
        if (enrolled != null && enrolled.file) {
            throw new ControlException("device \"" + name + "\" is of a file: change or remove " + files.place(name)
                    + ", then `tirl reload`");
        }
        return enrolled;
    }

    private void refuseTaken(String name) throws ControlException {
        if (!Names.isName(name)) {
            throw new ControlException("\"" + name
                    + "\" is no name; use up to 64 letters, digits, dots, hyphens and underscores, no such sign first");
        }
        if (roster.hasName(name) || names.contains(name)) {
            throw new ControlException("there is a device or an invitation \"" + name
                    + "\" already; `tirl devices` lists them, `tirl devices revoke " + name + "` takes it away");
        }
    }

    private static ControlException unknown(String name) {
        return new ControlException("there is no device or invitation \"" + name + "\"; `tirl devices` lists them");
    }

    private static boolean isBusy(@Nullable Enrolled enrolled, @Nullable Invited invited) {
        return (enrolled != null && enrolled.underway.isBusy()) || (invited != null && invited.underway.isBusy());
    }

    private static void begin(@Nullable Enrolled enrolled, @Nullable Invited invited) {
        if (enrolled != null) {
            enrolled.underway.begin();
        }
        if (invited != null) {
            invited.underway.begin();
        }
    }

    private static void end(@Nullable Enrolled enrolled, @Nullable Invited invited) {
        if (enrolled != null) {
            enrolled.underway.end();
        }
        if (invited != null) {
            invited.underway.end();
        }
    }
}

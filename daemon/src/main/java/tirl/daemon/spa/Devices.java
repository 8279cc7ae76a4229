package tirl.daemon.spa;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import tirl.config.Config;
import tirl.daemon.store.StoreException;
import tirl.daemon.store.StoreSession;
import tirl.device.AccessRules;
import tirl.device.Device;
import tirl.device.DeviceUse;
import tirl.device.OpenInvitation;
import tirl.spa.X25519PublicKey;
import tirl.spa.gate.PeerBook;
import tirl.spa.gate.ReplayWindow;
import tirl.spa.gate.SpaGate;

/**
 * Who may knock by SPA. What is in memory is what is on disk, but for changes that are under way: those are noted, so that
 * no second one begins on the same name. Made by any thread, then the decision thread's.
 */
public final class Devices implements DeviceRegister {
    /** How long both keys of a device are taken that changes its key by itself (section 9.4). */
    static final Duration GRACE = Duration.ofDays(1);

    private final Surroundings around;
    private final PeerBook book;
    private final Roster roster;
    private final DeviceChanges changes;
    private final FileDevices files;
    private final DeviceExpiry expiry;

    Devices(Surroundings around, PeerBook book, Roster roster, FileDevices files) {
        this.around = around;
        this.book = book;
        this.roster = roster;
        this.files = files;
        changes = new DeviceChanges(around, roster, this, files);
        expiry = new DeviceExpiry(around, roster);
    }

    /** Reads devices, invitations and the server's key, which is made when there is none. Takes a second for 10,000. */
    public static Devices load(Surroundings around, Config.Spa spa, SpaGate.Settings settings)
            throws SpaException, StoreException {
        return DeviceLoader.load(around, spa, settings);
    }

    /** The directory of device files as it is now. Not for the decision thread; changes nothing. */
    public DeviceFiles.Reading read(Config.Spa spa) throws SpaException {
        return files.read(spa.devices());
    }

    /** Goes over to what was read, or changes nothing. */
    public void follow(DeviceFiles.Reading reading) throws SpaException {
        files.follow(reading);
    }

    DeviceChanges changes() {
        return changes;
    }

    Roster roster() {
        return roster;
    }

    Surroundings around() {
        return around;
    }

    @Override
    public SpaGate gate() {
        return roster.gate();
    }

    @Override
    public PeerBook book() {
        return book;
    }

    @Override
    public Optional<Device> device(int number) {
        return Optional.ofNullable(roster.device(number)).map(enrolled -> enrolled.by(number));
    }

    @Override
    public DeviceUse use(int number) {
        Enrolled enrolled = roster.device(number);
        return enrolled == null ? DeviceUse.NONE : enrolled.use;
    }

    @Override
    public Claim admitted(int number, DeviceUse after) {
        Enrolled enrolled = roster.device(number);
        if (enrolled == null) {
            return new Claim(_ -> 0, () -> {});
        }
        long granted = after.grants() - enrolled.use.grants();
        enrolled.use = after;
        enrolled.seenMs = around.nowMs();
        DeviceRows.Use row = use(enrolled, enrolled.by(number).key());
        // The new key works: the one before is of no more use to anybody but a thief.
        Optional<Enrolled.OldKey> before = number == enrolled.number ? enrolled.old : Optional.empty();
        return new Claim(
                session -> {
                    DeviceRows rows = new DeviceRows(session);
                    if (before.isPresent() && !enrolled.file) {
                        rows.forgetOld(row.key(), before.get().device().key());
                    }
                    return rows.put(row);
                },
                () -> {
                    if (before.isPresent() && enrolled.old.equals(before)) {
                        roster.forgetOld(enrolled);
                    }
                },
                () -> {
                    DeviceUse now = enrolled.use;
                    enrolled.use = new DeviceUse(now.lastCodeStep(), now.grants() - granted, now.lastGrant());
                });
    }

    /** A copy of the window as it is now: claims are written in the order in which they are made. */
    private DeviceRows.Use use(Enrolled enrolled, X25519PublicKey key) {
        return new DeviceRows.Use(key, ReplayWindow.of(roster.window(key).toLongs()), enrolled.use, enrolled.seenMs);
    }

    @Override
    public Optional<Claim> register(int number, X25519PublicKey key) {
        Invited invited = roster.invitation(number);
        return invited == null ? Optional.empty() : enrol(invited, key);
    }

    /** Of a packet or of a line that somebody brought. */
    Optional<Claim> enrol(Invited invited, X25519PublicKey key) {
        Enrolled replaced = roster.device(invited.name());
        boolean free = invited.underway.admits(key) && (replaced == null || replaced.underway.admits(key));
        Optional<String> owner = roster.owner(key);
        if (invited.revoked || !free || (owner.isPresent() && !invited.underway.isBusy())) {
            return Optional.empty();
        }
        OpenInvitation from = invited.invitation;
        X25519PublicKey server = roster.server().publicKey();
        AccessRules rules = replaced == null ? from.rules() : replaced.device.rules();
        Device device = new Device(
                from.name(), key, from.secret().enrolment(server), from.secret().kemSeed(server), rules);
        long untilMs = from.validUntil().toEpochMilli();
        return Peers.ready(roster.server(), device)
                .map(ready ->
                        replaced == null ? enrolment(invited, ready) : replacement(invited, replaced, ready, untilMs));
    }

    private Claim enrolment(Invited invited, Peers.Ready ready) {
        Device device = ready.device();
        Enrolled enrolled = new Enrolled(device, false);
        enrolled.seenMs = around.nowMs();
        DeviceRows.Use row = use(enrolled, device.key());
        begin(invited.underway, device);
        return new Claim(
                session -> enrol(session, device, row),
                () -> {
                    invited.underway.end();
                    if (roster.invitation(device.name()) != invited) {
                        return; // An earlier copy of the same packet did it.
                    }
                    roster.remove(invited);
                    enrolled.revoked = invited.revoked;
                    if (enrolled.revoked) {
                        roster.adopt(enrolled);
                    } else {
                        roster.add(enrolled, ready.peer(roster.server(), roster.window(device.key())));
                    }
                },
                () -> giveUp(invited.underway, device));
    }

    private static int enrol(StoreSession session, Device device, DeviceRows.Use row) throws SQLException {
        DeviceRows rows = new DeviceRows(session);
        rows.put(device);
        rows.put(row);
        return rows.forgetInvitation(device.name());
    }

    private Claim replacement(Invited invited, Enrolled replaced, Peers.Ready ready, long untilMs) {
        Device device = ready.device();
        DeviceRows.Use row = use(replaced, device.key());
        DeviceRows.Old old = new DeviceRows.Old(replaced.device, untilMs);
        Optional<X25519PublicKey> gone =
                replaced.old.map(before -> before.device().key());
        begin(invited.underway, device);
        begin(replaced.underway, device);
        return new Claim(
                session -> {
                    DeviceRows rows = new DeviceRows(session);
                    rows.forgetInvitation(device.name());
                    return rekey(rows, device, old, row, gone);
                },
                () -> {
                    invited.underway.end();
                    replaced.underway.end();
                    if (roster.invitation(device.name()) == invited) {
                        roster.remove(invited);
                        rekey(replaced, ready, replaced.number, untilMs);
                    }
                },
                () -> {
                    replaced.underway.end();
                    giveUp(invited.underway, device);
                });
    }

    private static int rekey(
            DeviceRows rows, Device device, DeviceRows.Old old, DeviceRows.Use row, Optional<X25519PublicKey> gone)
            throws SQLException {
        rows.putKey(device, old);
        rows.put(row);
        return gone.isPresent() ? rows.forgetUse(gone.get()) : 0;
    }

    private void rekey(Enrolled enrolled, Peers.Ready ready, int keep, long untilMs) {
        Device device = ready.device();
        roster.rekey(enrolled, device, ready.peer(roster.server(), roster.window(device.key())), keep, untilMs);
        if (enrolled.revoked) {
            roster.shut(enrolled);
        }
    }

    private void begin(Underway underway, Device device) {
        underway.begin(device.key());
        roster.claim(device.key(), device.name());
    }

    private void giveUp(Underway underway, Device device) {
        if (underway.end() && !roster.uses(device)) {
            roster.disclaim(device.key());
        }
    }

    @Override
    public Optional<Claim> rotate(int number, X25519PublicKey key) {
        Enrolled enrolled = roster.device(number);
        if (enrolled == null || enrolled.revoked || enrolled.file || !enrolled.underway.admits(key)) {
            return Optional.empty();
        }
        enrolled.seenMs = around.nowMs();
        boolean byOld = number != enrolled.number;
        Device from = enrolled.by(number);
        DeviceRows.Use fromRow = use(enrolled, from.key());
        if (byOld && enrolled.device.key().equals(key)) {
            // The answer to an earlier packet was lost.
            return Optional.of(new Claim(session -> new DeviceRows(session).put(fromRow), () -> {}));
        }
        if (roster.owner(key).isPresent() && !enrolled.underway.isBusy()) {
            return Optional.empty();
        }
        Device device = new Device(
                from.name(),
                key,
                from.enrolment().rotated(roster.server().publicKey(), key),
                from.seed(),
                from.rules());
        return Peers.ready(roster.server(), device).map(ready -> rotation(enrolled, ready, number, fromRow));
    }

    /** By the present key, or again by the one before: then the new key, which nobody has used, gives way to a newer one. */
    private Claim rotation(Enrolled enrolled, Peers.Ready ready, int number, DeviceRows.Use fromRow) {
        Device device = ready.device();
        long untilMs = around.nowMs() + GRACE.toMillis();
        DeviceRows.Old old = new DeviceRows.Old(enrolled.by(number), untilMs);
        DeviceRows.Use row = use(enrolled, device.key());
        Optional<X25519PublicKey> gone = number == enrolled.number
                ? enrolled.old.map(before -> before.device().key())
                : Optional.of(enrolled.device.key());
        begin(enrolled.underway, device);
        return new Claim(
                session -> {
                    DeviceRows rows = new DeviceRows(session);
                    rows.put(fromRow);
                    return rekey(rows, device, old, row, gone);
                },
                () -> {
                    enrolled.underway.end();
                    if (!enrolled.device.key().equals(device.key())) {
                        rekey(enrolled, ready, number, untilMs);
                    }
                },
                () -> giveUp(enrolled.underway, device));
    }

    @Override
    public void expire(long nowMs) {
        expiry.look(nowMs);
    }
}

package tirl.daemon.spa;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.config.Config;
import tirl.daemon.spa.DeviceFiles.Reading;
import tirl.daemon.spa.DeviceRows.Everything;
import tirl.daemon.spa.DeviceRows.Row;
import tirl.daemon.spa.DeviceRows.Use;
import tirl.daemon.store.Store.Durability;
import tirl.daemon.store.StoreException;
import tirl.device.Device;
import tirl.device.DeviceUse;
import tirl.device.OpenInvitation;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;
import tirl.spa.gate.Peer;
import tirl.spa.gate.PeerBook;
import tirl.spa.gate.ReplayWindow;
import tirl.spa.gate.SpaGate;

/** Makes the devices from the store and the directory at a start. */
final class DeviceLoader {
    /** After that nobody remembers the key of a file that was taken away; the boot floor refuses its old packets anyway. */
    private static final long FORGOTTEN_MS = Duration.ofDays(30).toMillis();

    private final Surroundings around;
    private final Everything all;
    private final X25519PrivateKey server;
    private final PeerBook book = new PeerBook();
    private final Map<X25519PublicKey, ReplayWindow> windows = new HashMap<>();
    private final List<Enrolled> devices = new ArrayList<>();
    private final List<Invited> invitations = new ArrayList<>();

    private DeviceLoader(Surroundings around, Everything all, X25519PrivateKey server) {
        this.around = around;
        this.all = all;
        this.server = server;
        all.uses().forEach((key, use) -> windows.put(key, use.window()));
    }

    static Devices load(Surroundings around, Config.Spa spa, SpaGate.Settings settings)
            throws SpaException, StoreException {
        Everything all = around.store().write(Durability.PROCESS, session -> new DeviceRows(session).read());
        X25519PrivateKey server =
                ServerKey.open(around.store().directory(), all.serverKey(), around.random()::nextBytes);
        if (all.serverKey().isEmpty()) {
            boolean _ = around.store()
                    .write(Durability.POWER, session -> new DeviceRows(session).setServerKey(server.publicKey()));
        }
        Reading files = DeviceFiles.read(spa.devices(), server, Reading.NOTHING);
        return new DeviceLoader(around, all, server).devices(files, settings);
    }

    private Devices devices(Reading files, SpaGate.Settings settings) throws SpaException, StoreException {
        List<Device> keys = new ArrayList<>();
        for (Row row : all.devices()) {
            keys.add(row.device());
            row.old().ifPresent(old -> keys.add(old.device()));
        }
        var ready = Peers.ready(server, keys).iterator();
        for (Row row : all.devices()) {
            Enrolled enrolled = new Enrolled(row.device(), false);
            enrolled.former.addAll(row.former());
            enrolled.number = book.add(peer(ready.next()));
            use(enrolled, row.device().key());
            row.old().ifPresent(old -> {
                enrolled.old =
                        Optional.of(new Enrolled.OldKey(old.device(), book.add(peer(ready.next())), old.untilMs()));
                use(enrolled, old.device().key());
            });
            devices.add(enrolled);
        }
        for (OpenInvitation invitation : all.invitations()) {
            Invited invited = new Invited(invitation);
            invited.number = book.add(Peers.of(server, invitation));
            invitations.add(invited);
        }
        SpaGate gate =
                new SpaGate(book, settings, around.nowMs(), around.random().nextLong());
        Roster roster = new Roster(gate, server, windows);
        devices.forEach(roster::adopt);
        invitations.forEach(roster::adopt);
        Map<X25519PublicKey, Use> spare = new HashMap<>(all.uses());
        spare.keySet().removeIf(key -> roster.owner(key).isPresent());
        FileDevices fromFiles = new FileDevices(around, roster, Reading.NOTHING, spare);
        fromFiles.follow(files);
        spare.keySet().removeIf(key -> roster.owner(key).isPresent());
        forget(spare);
        return new Devices(around, book, roster, fromFiles);
    }

    private Peer peer(Peers.Ready ready) {
        return ready.peer(server, windows.computeIfAbsent(ready.device().key(), _ -> new ReplayWindow()));
    }

    /** A device has one use, whichever key its packets were made with. */
    private void use(Enrolled enrolled, X25519PublicKey key) {
        Use use = all.uses().get(key);
        if (use != null) {
            enrolled.use = new DeviceUse(
                    Math.max(enrolled.use.lastCodeStep(), use.use().lastCodeStep()),
                    Math.max(enrolled.use.grants(), use.use().grants()));
            enrolled.seenMs = Math.max(enrolled.seenMs, use.seenMs());
        }
    }

    private void forget(Map<X25519PublicKey, Use> spare) throws StoreException {
        List<X25519PublicKey> old = spare.values().stream()
                .filter(use -> around.nowMs() - use.seenMs() > FORGOTTEN_MS)
                .map(Use::key)
                .toList();
        if (!old.isEmpty()) {
            int _ = around.store().write(Durability.PROCESS, session -> {
                DeviceRows rows = new DeviceRows(session);
                int count = 0;
                for (X25519PublicKey key : old) {
                    count += rows.forgetUse(key);
                }
                return count;
            });
        }
    }
}

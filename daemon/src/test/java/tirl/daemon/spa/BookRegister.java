package tirl.daemon.spa;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tirl.daemon.store.Store;
import tirl.daemon.store.Store.Durability;
import tirl.daemon.store.StoreException;
import tirl.daemon.store.StoreSession;
import tirl.device.Device;
import tirl.device.DeviceUse;
import tirl.spa.SharedKeys;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;
import tirl.spa.gate.Peer;
import tirl.spa.gate.PeerBook;
import tirl.spa.gate.ReplayWindow;
import tirl.spa.gate.SpaGate;

/** A fixed list of devices whose windows are on disk; enrolment and rotation are noted and nothing else. */
final class BookRegister implements DeviceRegister {
    private final PeerBook book = new PeerBook();
    private final SpaGate gate;
    private final Map<Integer, Device> devices = new HashMap<>();
    private final Map<Integer, DeviceUse> uses = new HashMap<>();
    int rotations;

    BookRegister(Store store, X25519PrivateKey server, List<Device> all, long nowMs) throws StoreException {
        gate = new SpaGate(book, SpaGate.Settings.at(nowMs), nowMs, 9);
        for (Device device : all) {
            SharedKeys keys = SharedKeys.atServer(server, device.key(), device.enrolment())
                    .orElseThrow();
            ReplayWindow window = store.write(Durability.PROCESS, session -> read(session, device.name()));
            devices.put(gate.add(new Peer(device.name(), false, server, keys, device.seed(), window, false)), device);
        }
    }

    private static ReplayWindow read(StoreSession session, String name) throws SQLException {
        try (PreparedStatement query =
                session.connection().prepareStatement("SELECT value FROM meta WHERE key = 'window ' || ?")) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? ReplayWindow.of(Arrays.stream(row.getString(1).split(",", -1))
                                .mapToLong(Long::parseLong)
                                .toArray())
                        : new ReplayWindow();
            }
        }
    }

    @Override
    public SpaGate gate() {
        return gate;
    }

    @Override
    public PeerBook book() {
        return book;
    }

    @Override
    public Optional<Device> device(int number) {
        return Optional.ofNullable(devices.get(number));
    }

    @Override
    public DeviceUse use(int number) {
        return uses.getOrDefault(number, DeviceUse.NONE);
    }

    @Override
    public Claim admitted(int number, DeviceUse after) {
        uses.put(number, after);
        Peer peer = Optional.ofNullable(book.peer(number)).orElseThrow();
        String window =
                Arrays.stream(peer.window().toLongs()).mapToObj(Long::toString).collect(Collectors.joining(","));
        return new Claim(
                session -> {
                    try (PreparedStatement put = session.connection()
                            .prepareStatement("INSERT OR REPLACE INTO meta VALUES ('window ' || ?, ?)")) {
                        put.setString(1, peer.name());
                        put.setString(2, window);
                        return put.executeUpdate();
                    }
                },
                () -> {});
    }

    void revoke(int number) {
        devices.remove(number);
        gate.remove(number);
    }

    @Override
    public Optional<Claim> register(int number, X25519PublicKey key) {
        return Optional.empty();
    }

    @Override
    public Optional<Claim> rotate(int number, X25519PublicKey key) {
        return Optional.of(new Claim(_ -> 0, () -> rotations++));
    }

    @Override
    public void expire(long nowMs) {
        // Nobody's time is ever over.
    }
}

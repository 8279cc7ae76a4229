package tirl.daemon.spa;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tirl.daemon.control.ControlException;
import tirl.daemon.store.StoreSession;
import tirl.device.AccessRules;
import tirl.device.CodeSecret;
import tirl.device.Device;
import tirl.device.DeviceUse;
import tirl.device.OpenInvitation;
import tirl.spa.EnrolmentSecret;
import tirl.spa.InvitationSecret;
import tirl.spa.KemSeed;
import tirl.spa.X25519PublicKey;
import tirl.spa.gate.ReplayWindow;

/** Devices, invitations and what packets change, as rows. */
final class DeviceRows {
    private static final String SERVER_KEY = "spa-key";

    private final StoreSession session;
    private final Connection connection;

    DeviceRows(StoreSession session) {
        this.session = session;
        connection = session.connection();
    }

    /**
     * What one key has used up.
     *
     * @param window a copy, as another thread writes it
     */
    record Use(X25519PublicKey key, ReplayWindow window, DeviceUse use, long seenMs) {}

    /** A device, the key before it while that one is taken too, and names before that leases may have. */
    record Row(Device device, Optional<Old> old, List<String> former) {}

    /** The key before, and until when it is taken at the longest. */
    record Old(Device device, long untilMs) {}

    /** All there is. */
    record Everything(
            Optional<String> serverKey,
            List<Row> devices,
            List<OpenInvitation> invitations,
            Map<X25519PublicKey, Use> uses) {}

    Everything read() throws SQLException {
        return new Everything(serverKey(), devices(), invitations(), uses());
    }

    private Optional<String> serverKey() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT value FROM meta WHERE key = '" + SERVER_KEY + "'")) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    boolean setServerKey(X25519PublicKey key) throws SQLException {
        return update("INSERT OR REPLACE INTO meta VALUES ('" + SERVER_KEY + "', ?)", key.toString()) > 0;
    }

    private List<Row> devices() throws SQLException {
        Map<String, AccessRules> known = new HashMap<>();
        List<Row> devices = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT name, key, enrolment, seed, rules, code, former,"
                        + " old_key, old_enrolment, old_seed, old_until_ms FROM device ORDER BY name")) {
            while (row.next()) {
                AccessRules rules = rules(known, row.getString(5), row.getBytes(6));
                String name = row.getString(1);
                Device device = device(name, row.getBytes(2), row.getBytes(3), row.getBytes(4), rules);
                byte[] oldKey = row.getBytes(8);
                Optional<Old> old = oldKey == null
                        ? Optional.empty()
                        : Optional.of(new Old(
                                device(name, oldKey, row.getBytes(9), row.getBytes(10), rules), row.getLong(11)));
                String former = row.getString(7);
                devices.add(new Row(device, old, former.isEmpty() ? List.of() : List.of(former.split(" ", -1))));
            }
        }
        return devices;
    }

    private static Device device(String name, byte[] key, byte[] enrolment, byte[] seed, AccessRules rules)
            throws SQLException {
        try {
            return new Device(name, new X25519PublicKey(key), new EnrolmentSecret(enrolment), new KemSeed(seed), rules);
        } catch (IllegalArgumentException wrongLength) {
            throw damaged("device " + name, wrongLength);
        }
    }

    /** Many devices have the same rules: their text is read once. */
    private static AccessRules rules(Map<String, AccessRules> known, String text, byte @Nullable [] code)
            throws SQLException {
        try {
            AccessRules rules = known.get(text);
            if (rules == null) {
                rules = DeviceText.rules(text);
                known.put(text, rules);
            }
            return code == null ? rules : DeviceText.withCode(rules, Optional.of(new CodeSecret(code)));
        } catch (ControlException | IllegalArgumentException e) {
            throw damaged("rules", e);
        }
    }

    /** As SQLite says it of its own pages: nothing is guessed, and nothing passes for less than it was. */
    private static SQLException damaged(String what, Exception cause) {
        return new SQLException(what + ": " + cause.getMessage(), "", 11, cause);
    }

    private List<OpenInvitation> invitations() throws SQLException {
        Map<String, AccessRules> known = new HashMap<>();
        List<OpenInvitation> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT name, secret, valid_until_ms, rules, code FROM invitation ORDER BY name")) {
            while (row.next()) {
                AccessRules rules = rules(known, row.getString(4), row.getBytes(5));
                all.add(new OpenInvitation(
                        row.getString(1),
                        new InvitationSecret(row.getBytes(2)),
                        Instant.ofEpochMilli(row.getLong(3)),
                        rules));
            }
        } catch (IllegalArgumentException wrongLength) {
            throw damaged("invitation", wrongLength);
        }
        return all;
    }

    private Map<X25519PublicKey, Use> uses() throws SQLException {
        Map<X25519PublicKey, Use> uses = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT key, window, code_step, grants, seen_ms FROM device_use")) {
            while (row.next()) {
                X25519PublicKey key = new X25519PublicKey(row.getBytes(1));
                byte[] window = row.getBytes(2);
                long[] longs = new long[window.length / Long.BYTES];
                ByteBuffer.wrap(window).asLongBuffer().get(longs);
                ReplayWindow seen = ReplayWindow.of(longs);
                uses.put(key, new Use(key, seen, new DeviceUse(row.getLong(3), row.getLong(4)), row.getLong(5)));
            }
        } catch (IllegalArgumentException wrongLength) {
            throw damaged("replay window", wrongLength);
        }
        return uses;
    }

    int put(Use use) throws SQLException {
        long[] longs = use.window().toLongs();
        ByteBuffer window = ByteBuffer.allocate(longs.length * Long.BYTES);
        window.asLongBuffer().put(longs);
        // For each packet.
        return update(
                session.prepared(
                        "INSERT INTO device_use VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET window = excluded.window,"
                                + " code_step = excluded.code_step, grants = excluded.grants, seen_ms = excluded.seen_ms"),
                use.key().bytes(),
                window.array(),
                use.use().lastCodeStep(),
                use.use().grants(),
                use.seenMs());
    }

    /** A device, in the place of one of the same name. */
    int put(Device device) throws SQLException {
        return withSecrets(
                "INSERT INTO device (name, key, enrolment, seed, rules, code, former) VALUES (?, ?, ?, ?, ?, ?, '')"
                        + " ON CONFLICT (name) DO UPDATE SET key = excluded.key, enrolment = excluded.enrolment,"
                        + " seed = excluded.seed, rules = excluded.rules, code = excluded.code,"
                        + " old_key = NULL, old_enrolment = NULL, old_seed = NULL, old_until_ms = NULL",
                device.name(),
                device.key().bytes(),
                device.enrolment().bytes(),
                device.seed().bytes(),
                DeviceText.write(device.rules()),
                code(device.rules()));
    }

    /** A whole import; a device that had another key forgets what that one used up. */
    int put(List<Device> devices) throws SQLException {
        int count = 0;
        for (Device device : devices) {
            update(
                    "DELETE FROM device_use WHERE key IN (SELECT key FROM device WHERE name = ?1 AND key <> ?2 UNION"
                            + " SELECT old_key FROM device WHERE name = ?1)",
                    device.name(),
                    device.key().bytes());
            count += put(device);
        }
        return count;
    }

    /** The device's key from now on, and the one before, which is taken for a while. */
    int putKey(Device device, Old old) throws SQLException {
        return withSecrets(
                "UPDATE device SET key = ?, enrolment = ?, seed = ?, old_key = ?, old_enrolment = ?, old_seed = ?,"
                        + " old_until_ms = ? WHERE name = ?",
                device.key().bytes(),
                device.enrolment().bytes(),
                device.seed().bytes(),
                old.device().key().bytes(),
                old.device().enrolment().bytes(),
                old.device().seed().bytes(),
                old.untilMs(),
                device.name());
    }

    /** By the key and not by the name, which may have changed. */
    int forgetOld(X25519PublicKey current, X25519PublicKey old) throws SQLException {
        forgetUse(old);
        return update(
                "UPDATE device SET old_key = NULL, old_enrolment = NULL, old_seed = NULL, old_until_ms = NULL"
                        + " WHERE key = ?",
                current.bytes());
    }

    int putRules(String name, AccessRules rules) throws SQLException {
        String text = DeviceText.write(rules);
        return withSecrets("UPDATE device SET rules = ?, code = ? WHERE name = ?", text, code(rules), name)
                + withSecrets("UPDATE invitation SET rules = ?, code = ? WHERE name = ?", text, code(rules), name);
    }

    int rename(String name, String to, List<String> former) throws SQLException {
        return update("UPDATE device SET name = ?, former = ? WHERE name = ?", to, String.join(" ", former), name)
                + update("UPDATE invitation SET name = ? WHERE name = ?", to, name);
    }

    int put(OpenInvitation invitation) throws SQLException {
        return withSecrets(
                "INSERT OR REPLACE INTO invitation VALUES (?, ?, ?, ?, ?)",
                invitation.name(),
                invitation.secret().bytes(),
                invitation.validUntil().toEpochMilli(),
                DeviceText.write(invitation.rules()),
                code(invitation.rules()));
    }

    int forgetInvitation(String name) throws SQLException {
        return update("DELETE FROM invitation WHERE name = ?", name);
    }

    int forgetDevice(String name) throws SQLException {
        update(
                "DELETE FROM device_use WHERE key IN (SELECT key FROM device WHERE name = ?1 UNION"
                        + " SELECT old_key FROM device WHERE name = ?1)",
                name);
        return update("DELETE FROM device WHERE name = ?", name);
    }

    int forgetUse(X25519PublicKey key) throws SQLException {
        return update("DELETE FROM device_use WHERE key = ?", key.bytes());
    }

    private static byte @Nullable [] code(AccessRules rules) {
        return rules.code().map(CodeSecret::bytes).orElse(null);
    }

    /** Byte arrays among the values are wiped. */
    private int withSecrets(String sql, @Nullable Object... values) throws SQLException {
        try {
            return update(sql, values);
        } finally {
            for (Object value : values) {
                if (value instanceof byte[] bytes) {
                    Arrays.fill(bytes, (byte) 0);
                }
            }
        }
    }

    private int update(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return update(statement, values);
        }
    }

    private static int update(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement.executeUpdate();
    }
}

package tirl.daemon.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import tirl.door.ServicePort;
import tirl.grant.Lease;
import tirl.grant.LeaseLedger.Kept;
import tirl.grant.Nat;
import tirl.packet.Address;
import tirl.packet.Transport;

/** Leases as rows: their ends are on the clock of this start of the machine, which the next daemon has too. */
final class LeaseRows {
    static final String PUT = "INSERT OR REPLACE INTO lease VALUES (?, ?, ?, ?, ?, ?, ?)";

    private static final String REOPENING = "reopening";
    /** {@code tcp/8080>10.0.0.5:80}. A program that knows no NAT understands none of it, so it opens no port here. */
    private static final String LEADS = ">";

    private final String boot;
    private final LongSupplier boottimeNs;

    LeaseRows(String boot, LongSupplier boottimeNs) {
        this.boot = boot;
        this.boottimeNs = boottimeNs;
    }

    /** The end is on the monotonic clock, which stands still while the machine sleeps: early after that, never late. */
    LeaseRow of(Lease lease, long nowNs, boolean revoking) {
        return new LeaseRow(
                lease.id(),
                lease.source().toString(),
                lease.label(),
                lease.ports().stream()
                        .map(port -> port + lease.nat().map(nat -> LEADS + nat).orElse(""))
                        .collect(Collectors.joining(" ")),
                boot,
                boottimeNs.getAsLong() + lease.expiresNs() - nowNs,
                revoking);
    }

    /** What is left of this start of the machine; the rest is not, as the kernel's elements are gone with theirs. */
    Kept read(Connection connection, long nowNs) throws SQLException {
        long boottime = boottimeNs.getAsLong();
        List<Lease> live = new ArrayList<>();
        List<Lease> revoking = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT id, source, label, ports, end_boottime_ns, revoking FROM lease WHERE boot = ? ORDER BY id")) {
            query.setString(1, boot);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    long leftNs = row.getLong(5) - boottime;
                    Optional<Lease> lease = lease(row, nowNs + leftNs);
                    if (lease.isPresent() && row.getInt(6) != 0) {
                        revoking.add(lease.get());
                    } else {
                        lease.ifPresent(live::add);
                    }
                }
            }
        }
        return new Kept(live, revoking, isReopening(connection));
    }

    private static Optional<Lease> lease(ResultSet row, long expiresNs) throws SQLException {
        Optional<Address> source = Address.parse(row.getString(2));
        List<ServicePort> ports = new ArrayList<>();
        Optional<Nat> nat = Optional.empty();
        try {
            for (String word : row.getString(4).split(" ", -1)) {
                if (!word.isEmpty()) {
                    String[] leads = word.split(LEADS, 2);
                    if (leads.length > 1) {
                        nat = Optional.of(Nat.parse(leads[1]).orElseThrow(IllegalArgumentException::new));
                    }
                    String[] parts = leads[0].split("/", 2);
                    ports.add(new ServicePort(
                            Transport.valueOf(parts[0].toUpperCase(Locale.ROOT)), Integer.parseInt(parts[1])));
                }
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException notOurs) {
            return Optional.empty();
        }
        long id = row.getLong(1);
        String label = row.getString(3);
        Optional<Nat> where = nat;
        return source.map(address -> new Lease(id, address, label, ports, expiresNs, where));
    }

    /** The mark is this boot's name: a mark of another one means nothing. */
    void setReopening(Connection connection, boolean value) throws SQLException {
        String sql = value
                ? "INSERT OR REPLACE INTO meta VALUES ('" + REOPENING + "', ?)"
                : "DELETE FROM meta WHERE key = '" + REOPENING + "'";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (value) {
                statement.setString(1, boot);
            }
            statement.executeUpdate();
        }
    }

    private boolean isReopening(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT value FROM meta WHERE key = '" + REOPENING + "'")) {
            return row.next() && row.getString(1).equals(boot);
        }
    }
}

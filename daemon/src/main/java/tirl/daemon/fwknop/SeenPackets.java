package tirl.daemon.fwknop;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tirl.daemon.store.StoreSession;
import tirl.fwknop.ReplayDigest;

/**
 * Which packets were used, on disk. What is forgotten leaves a floor: nothing made before it is ever new again, whatever
 * becomes of the clock or of MAX_SPA_PACKET_AGE.
 */
final class SeenPackets {
    /** Beyond the age at which a packet is refused anyhow. */
    static final long KEPT_S = 30L * 24 * 3600;

    private static final String FLOOR = "fwknop-floor";

    /** There while a daemon runs that takes packets, and after one that could not say that all of them are here. */
    private static final String RUNNING = "fwknop-running";

    /** Which version of fwknopd's file is here. */
    private static final String TAKEN_OVER = "fwknop-taken-over";

    /**
     * What a daemon finds when it starts.
     *
     * @param newestS when the newest packet was made that is here, or was received if that is all that is known; Unix time
     * @param complete whether all packets are here that were used before; else some may be missing that were used just
     *     before the end
     */
    record Kept(long newestS, boolean complete) {
        static final Kept NOTHING = new Kept(Long.MIN_VALUE / 2, true);
    }

    private SeenPackets() {}

    /** To be called once by each daemon, before any packet; {@link #end} is the opposite. */
    static Kept begin(StoreSession session) throws SQLException {
        boolean complete = value(session, RUNNING).isEmpty();
        set(session, RUNNING, "1");
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT max(made_s) FROM fwknop_seen")) {
            long newestS = row.next() ? row.getLong(1) : 0;
            return new Kept(row.wasNull() ? Kept.NOTHING.newestS() : newestS, complete);
        }
    }

    /** All packets that were used are here. */
    static int end(StoreSession session) throws SQLException {
        try (PreparedStatement delete = session.connection().prepareStatement("DELETE FROM meta WHERE key = ?")) {
            delete.setString(1, RUNNING);
            return delete.executeUpdate();
        }
    }

    /** Notes a packet under all its names; whether none of them was known. */
    static boolean isNew(StoreSession session, List<ReplayDigest> digests, long madeS) throws SQLException {
        if (madeS < floor(session)) {
            return false;
        }
        int added = 0;
        HashSet<ReplayDigest> names = new HashSet<>(digests);
        for (ReplayDigest name : names) {
            added += add(session, name, madeS);
        }
        return added == names.size();
    }

    /** Whether fwknopd's file was taken over, this version of it. */
    static boolean isTakenOver(StoreSession session, String version) throws SQLException {
        return value(session, TAKEN_OVER).equals(Optional.of(version));
    }

    static void takenOver(StoreSession session, String version) throws SQLException {
        set(session, TAKEN_OVER, version);
    }

    /** Forgets packets that have been too old for long. */
    static void prune(StoreSession session, long nowS, long mostAgeS) throws SQLException {
        long floor = nowS - mostAgeS - KEPT_S;
        try (PreparedStatement delete =
                session.connection().prepareStatement("DELETE FROM fwknop_seen WHERE made_s < ?")) {
            delete.setLong(1, floor);
            if (delete.executeUpdate() == 0 || floor <= floor(session)) {
                return;
            }
        }
        set(session, FLOOR, Long.toString(floor));
    }

    private static void set(StoreSession session, String key, String value) throws SQLException {
        try (PreparedStatement insert =
                session.connection().prepareStatement("INSERT OR REPLACE INTO meta VALUES (?, ?)")) {
            insert.setString(1, key);
            insert.setString(2, value);
            insert.executeUpdate();
        }
    }

    /** Notes a packet under one of its names: 1, or 0 if that was known. */
    static int add(StoreSession session, ReplayDigest name, long madeS) throws SQLException {
        PreparedStatement insert = session.prepared("INSERT OR IGNORE INTO fwknop_seen VALUES (?, ?)");
        insert.setString(1, name.text());
        insert.setLong(2, madeS);
        return insert.executeUpdate();
    }

    /** Nothing that was made before this Unix time is ever new. */
    static long floor(StoreSession session) throws SQLException {
        return value(session, FLOOR).map(Long::parseLong).orElse(Long.MIN_VALUE);
    }

    private static Optional<String> value(StoreSession session, String key) throws SQLException {
        PreparedStatement select = session.prepared("SELECT value FROM meta WHERE key = ?");
        select.setString(1, key);
        try (ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }
}

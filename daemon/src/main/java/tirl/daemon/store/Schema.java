package tirl.daemon.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables. A change of them is a new version, and steps from the old one are added here. */
final class Schema {
    private static final int VERSION = 3;

    /** What version 1 had. */
    private static final List<String> FIRST =
            List.of("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID", """
            CREATE TABLE due (id INTEGER PRIMARY KEY, door TEXT NOT NULL, source TEXT NOT NULL, stop TEXT NOT NULL,
              due_ms INTEGER NOT NULL)""", """
            CREATE TABLE lease (id INTEGER PRIMARY KEY, source TEXT NOT NULL, label TEXT NOT NULL,
              ports TEXT NOT NULL, boot TEXT NOT NULL, end_boottime_ns INTEGER NOT NULL, revoking INTEGER NOT NULL)""");

    /**
     * Devices, and apart from them what each packet changes, by the key that the packet was made with. {@code old_...} is
     * the key before, while both are taken; {@code former} are names before, while leases may have them.
     */
    private static final List<String> SECOND = List.of("""
            CREATE TABLE device (name TEXT PRIMARY KEY, key BLOB NOT NULL, enrolment BLOB NOT NULL, seed BLOB NOT NULL,
              rules TEXT NOT NULL, code BLOB, former TEXT NOT NULL,
              old_key BLOB, old_enrolment BLOB, old_seed BLOB, old_until_ms INTEGER)""", "CREATE INDEX device_key ON device (key)", """
            CREATE TABLE invitation (name TEXT PRIMARY KEY, secret BLOB NOT NULL, valid_until_ms INTEGER NOT NULL,
              rules TEXT NOT NULL, code BLOB)""", """
            CREATE TABLE device_use (key BLOB PRIMARY KEY, window BLOB NOT NULL, code_step INTEGER NOT NULL,
              grants INTEGER NOT NULL, seen_ms INTEGER NOT NULL) WITHOUT ROWID""");

    /** Packets of fwknop's clients that were used, by their digests, with the Unix time that they say they were made at. */
    private static final List<String> THIRD = List.of("""
            CREATE TABLE fwknop_seen (digest TEXT PRIMARY KEY, made_s INTEGER NOT NULL) WITHOUT ROWID""", "CREATE INDEX fwknop_seen_made ON fwknop_seen (made_s)");

    private Schema() {}

    /** Makes the tables in an empty file; refuses a file that this program cannot understand. */
    static void check(Connection connection, Path file) throws SQLException, StoreException {
        long version = StoreFile.number(connection, "PRAGMA user_version");
        if (version > VERSION) {
            throw new StoreException(file + ": a newer tirl has written it (its tables have version " + version
                    + ", this one knows " + VERSION + "); run that tirl, or move the file away");
        }
        if (version == 0) {
            if (StoreFile.number(connection, "SELECT count(*) FROM sqlite_schema") > 0) {
                throw new StoreException(file + ": this is not a store of tirl; move it away or change `state`");
            }
        }
        bring(connection, version);
        // Damage that would only show at the worst moment.
        soundness(connection, "due");
        soundness(connection, "lease");
        soundness(connection, "device");
        soundness(connection, "invitation");
        soundness(connection, "device_use");
        soundness(connection, "fwknop_seen");
    }

    /** All steps in one transaction: after a crash the file has the old version or the new one. */
    private static void bring(Connection connection, long version) throws SQLException {
        if (version == VERSION) {
            return;
        }
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            if (version < 1) {
                execute(statement, FIRST);
            }
            if (version < 2) {
                execute(statement, SECOND);
            }
            execute(statement, THIRD);
            statement.execute("PRAGMA user_version = " + VERSION);
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void execute(Statement statement, List<String> all) throws SQLException {
        for (String one : all) {
            statement.execute(one);
        }
    }

    private static void soundness(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA quick_check('" + table + "')")) {
            if (row.next() && !row.getString(1).equals("ok")) {
                throw new SQLException(row.getString(1), "", 11);
            }
        }
    }
}

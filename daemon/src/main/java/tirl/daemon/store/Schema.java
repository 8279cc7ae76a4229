package tirl.daemon.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables. A change of them is a new version, and steps from the old one are added here. */
final class Schema {
    private static final int VERSION = 1;

    private static final List<String> TABLES = List.of(
            "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
            """
            CREATE TABLE due (id INTEGER PRIMARY KEY, door TEXT NOT NULL, source TEXT NOT NULL, stop TEXT NOT NULL,
              due_ms INTEGER NOT NULL)""",
            """
            CREATE TABLE lease (id INTEGER PRIMARY KEY, source TEXT NOT NULL, label TEXT NOT NULL,
              ports TEXT NOT NULL, boot TEXT NOT NULL, end_boottime_ns INTEGER NOT NULL, revoking INTEGER NOT NULL)""",
            "PRAGMA user_version = " + VERSION);

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
            make(connection);
        }
        // Damage that would only show at the worst moment.
        soundness(connection, "due");
        soundness(connection, "lease");
    }

    private static void make(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute(table);
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
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

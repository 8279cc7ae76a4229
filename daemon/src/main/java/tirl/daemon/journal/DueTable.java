package tirl.daemon.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The table {@code due} of the store. */
final class DueTable {
    private static final String TAKEN_OVER = "text-journal";

    private DueTable() {}

    static List<Entry> all(Connection connection) throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT id, door, source, stop, due_ms FROM due ORDER BY id")) {
            while (row.next()) {
                entries.add(new Entry(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        Instant.ofEpochMilli(row.getLong(5))));
            }
        }
        return entries;
    }

    static void put(Connection connection, Entry entry) throws SQLException {
        try (PreparedStatement put = connection.prepareStatement("INSERT OR REPLACE INTO due VALUES (?, ?, ?, ?, ?)")) {
            put.setLong(1, entry.id());
            put.setString(2, entry.door());
            put.setString(3, entry.source());
            put.setString(4, entry.stopCommand());
            put.setLong(5, entry.due().toEpochMilli());
            put.executeUpdate();
        }
    }

    static void delete(Connection connection, long id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM due WHERE id = ?")) {
            delete.setLong(1, id);
            delete.executeUpdate();
        }
    }

    /** The digest of the text journal that was taken over last; empty text for none. */
    static String takenOver(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT value FROM meta WHERE key = '" + TAKEN_OVER + "'")) {
            return row.next() ? row.getString(1) : "";
        }
    }

    static void takeOver(Connection connection, String digest) throws SQLException {
        try (PreparedStatement put = connection.prepareStatement("INSERT OR REPLACE INTO meta VALUES (?, ?)")) {
            put.setString(1, TAKEN_OVER);
            put.setString(2, digest);
            put.executeUpdate();
        }
    }
}

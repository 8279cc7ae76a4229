package tirl.daemon.store;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.CodeSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.sqlite.JDBC;

/** The file of the store: where it is, who may write to it, how it is opened, and what its errors mean. */
final class StoreFile {
    private static final String NAME = "tirl.db";

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_READONLY = 8;
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_CANTOPEN = 14;
    private static final int SQLITE_NOTADB = 26;

    /**
     * The lock is kept: a second daemon is refused, and no shared memory is needed, which a full disk cannot give. Small
     * caches: the tables are small.
     */
    private static final List<String> SETTINGS = List.of(
            "PRAGMA locking_mode = EXCLUSIVE",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA wal_autocheckpoint = 128",
            "PRAGMA cache_size = -256",
            // The secret of a used invitation is to be gone, not only out of the way.
            "PRAGMA secure_delete = ON",
            "PRAGMA trusted_schema = OFF");

    private StoreFile() {}

    static Connection open(Path directory) throws SQLException, StoreException {
        prepare(directory);
        useLibraryBesideTheJars();
        Properties settings = new Properties();
        settings.setProperty("busy_timeout", "200");
        // Nobody asks for them, and the driver would look for them after each row.
        settings.setProperty("jdbc.get_generated_keys", "false");
        Connection connection = JDBC.createConnection(JDBC.PREFIX + directory.resolve(NAME), settings);
        try (Statement statement = connection.createStatement()) {
            for (String setting : SETTINGS) {
                statement.execute(setting);
            }
            Schema.check(connection, directory.resolve(NAME));
            return connection;
        } catch (SQLException | StoreException e) {
            connection.close();
            throw e;
        }
    }

    /** Whoever can write here has us run commands, mostly as root. */
    private static void prepare(Path directory) throws StoreException {
        Path file = directory.resolve(NAME);
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, mode("rwx------"));
            }
            try {
                Files.createFile(file, mode("rw-------"));
            } catch (FileAlreadyExistsException usual) {
                // An earlier daemon made it.
            }
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(directory);
            boolean open =
                    mode.contains(PosixFilePermission.GROUP_WRITE) || mode.contains(PosixFilePermission.OTHERS_WRITE);
            if (open || !Files.getOwner(directory).equals(Files.getOwner(file))) {
                throw new StoreException("others than " + Files.getOwner(file).getName() + " can write to " + directory
                        + " and could have commands run; make it yours with mode 0700");
            }
        } catch (IOException e) {
            String reason = e instanceof FileSystemException system && system.getReason() != null
                    ? system.getReason()
                    : e.getClass().getSimpleName();
            throw new StoreException(
                    file + ": cannot be made or read (" + reason + "); the store needs a directory that this daemon "
                            + "may write to and that survives a restart: change `state` or the directory",
                    e);
        }
    }

    private static java.nio.file.attribute.FileAttribute<Set<PosixFilePermission>> mode(String text) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
    }

    /** Else the driver would write its library to a directory for temporary files, at each start. */
    private static void useLibraryBesideTheJars() {
        CodeSource source = JDBC.class.getProtectionDomain().getCodeSource();
        if (source == null || System.getProperty("org.sqlite.lib.path") != null) {
            return;
        }
        try {
            String machine = System.getProperty("os.arch", "").equals("amd64") ? "x86_64" : "aarch64";
            Path library = Path.of(source.getLocation().toURI())
                    .resolveSibling("../native/org/sqlite/native/Linux/" + machine)
                    .normalize();
            if (Files.isDirectory(library)) {
                System.setProperty("org.sqlite.lib.path", library.toString());
            }
        } catch (URISyntaxException | IllegalArgumentException notFromAFile) {
            // Then the driver finds its own way.
        }
    }

    /** Writes so much that a full disk shows, and takes it away again. */
    static boolean needRoom(StoreSession session) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            statement.executeUpdate("INSERT OR REPLACE INTO meta VALUES ('room', zeroblob(65536))");
        }
        session.connection().commit();
        try (Statement statement = session.connection().createStatement()) {
            return statement.executeUpdate("DELETE FROM meta WHERE key = 'room'") > 0;
        }
    }

    static boolean isFull(SQLException e) {
        return e.getErrorCode() == SQLITE_FULL;
    }

    static StoreException explained(Path directory, SQLException e) {
        Path file = directory.resolve(NAME);
        String text = switch (e.getErrorCode()) {
            case SQLITE_FULL -> ": the disk is full; make room, tirl then goes on by itself";
            case SQLITE_BUSY, SQLITE_LOCKED ->
                ": another process has it locked (a second daemon? sqlite3?); end that one";
            case SQLITE_READONLY -> ": it cannot be written; make it and its directory writable";
            case SQLITE_CANTOPEN -> ": it cannot be opened; see to its directory's owner and mode";
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                ": the file is damaged and left as it is. Move it away, with " + NAME
                        + "-wal, and tirl begins a new one; stop hooks that are due in it will not be run, and devices "
                        + "in it have to be imported or invited again";
            default -> ": " + e.getMessage() + "; see to the disk";
        };
        return new StoreException(file + text, e);
    }

    /** One number out of the file. */
    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}

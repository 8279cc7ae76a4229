package tirl.daemon.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The embedded store. Making one never fails: with a file that cannot be used every {@link #write} does, until the reason is
 * gone. Any thread may call but the decision thread, because every call may wait for the disk.
 */
public final class Store implements Flushable, AutoCloseable {
    /** What is done in one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T in(StoreSession session) throws SQLException;
    }

    /** How the file is opened; a test puts its own faults here. */
    @FunctionalInterface
    public interface Opener {
        Connection open(Path directory) throws SQLException, StoreException;
    }

    /** When a write counts as done. */
    public enum Durability {
        /** It survives the end of this process; a power cut may undo it. */
        PROCESS,
        /** It survives a power cut. */
        POWER
    }

    private static final long REOPEN_NS = 1_000_000_000L;

    private final Path directory;
    private final Opener opener;
    private final LongSupplier nanoTime;
    private final TroubleReport report;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;
    private @Nullable Statements statements;
    private @Nullable StoreException lastRefusal;
    private Durability durability = Durability.POWER;
    private long lastAttemptNs;
    private long opened;
    private boolean closed;

    /**
     * Opens the store of a directory, both made when missing.
     *
     * @param told what an administrator should know: trouble, rarely repeated, and its end
     */
    public Store(Path directory, LongSupplier nanoTime, Consumer<String> told) {
        this(directory, StoreFile::open, nanoTime, told);
    }

    /** The same, opened in another way. */
    public Store(Path directory, Opener opener, LongSupplier nanoTime, Consumer<String> told) {
        this.directory = directory;
        this.opener = opener;
        this.nanoTime = nanoTime;
        report = new TroubleReport(told, nanoTime);
        lock.lock();
        try {
            var _ = connection();
        } catch (StoreException e) {
            report.trouble(e);
        } finally {
            lock.unlock();
        }
    }

    /** Why the store cannot be used, as far as is known; never waits. */
    public Optional<String> trouble() {
        return report.current();
    }

    /** The directory of the store. */
    public Path directory() {
        return directory;
    }

    /** Does it in one transaction, all or nothing, and returns when it is as durable as asked for. */
    public <T> T write(Durability wanted, Work<T> work) throws StoreException {
        lock.lock();
        try {
            return transaction(connection(), wanted, work);
        } catch (StoreException e) {
            report.trouble(e);
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Does it in one transaction and takes it back, without a word to the disk: nobody need wait for it. */
    public void rehearse(Work<?> work) throws StoreException {
        lock.lock();
        try {
            Connection open = connection();
            open.setAutoCommit(false);
            var _ = work.in(session(open));
            open.rollback();
            open.setAutoCommit(true);
        } catch (SQLException | RuntimeException failure) {
            throw rehearsalFailed(failure);
        } finally {
            lock.unlock();
        }
    }

    private StoreException rehearsalFailed(Exception failure) {
        Connection open = connection;
        if (open != null) {
            drop(open);
        }
        return new StoreException("a rehearsal failed: " + failure);
    }

    /** While there is trouble: tries whether it is over, with room for more than the one row that may always fit. */
    @Override
    public Outcome flush() {
        if (trouble().isEmpty()) {
            return Outcome.DONE;
        }
        try {
            var _ = write(Durability.POWER, StoreFile::needRoom);
            report.well();
            return Outcome.DONE;
        } catch (StoreException stillThere) {
            return Outcome.TRY_AGAIN;
        }
    }

    private <T> T transaction(Connection open, Durability wanted, Work<T> work) throws StoreException {
        try {
            if (wanted != durability) {
                synchronous(open, wanted);
            }
            open.setAutoCommit(false);
            T result = work.in(session(open));
            open.commit();
            open.setAutoCommit(true);
            return result;
        } catch (SQLException e) {
            undo(open, e);
            throw StoreFile.explained(directory, e);
        } catch (RuntimeException bug) {
            // Else the next transaction would commit what this one has done so far.
            undo(open, new SQLException(bug));
            throw bug;
        }
    }

    private StoreSession session(Connection open) {
        Statements now = statements;
        if (now == null || !now.areOf(open)) {
            now = new Statements(open);
            statements = now;
        }
        return new StoreSession(open, opened, now);
    }

    /** A full disk is met again with the same connection; after anything else the file is looked at anew. */
    private void undo(Connection open, SQLException cause) {
        try {
            open.rollback();
            open.setAutoCommit(true);
            if (!StoreFile.isFull(cause)) {
                drop(open);
            }
        } catch (SQLException e) {
            drop(open);
        }
    }

    private void drop(Connection open) {
        connection = null;
        try {
            open.close();
        } catch (SQLException e) {
            // Of no use to anybody: it is not used again.
        }
    }

    private void synchronous(Connection open, Durability wanted) throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute("PRAGMA synchronous = " + (wanted == Durability.POWER ? "FULL" : "NORMAL"));
        }
        durability = wanted;
    }

    private Connection connection() throws StoreException {
        Connection open = connection;
        if (open != null) {
            return open;
        }
        long nowNs = nanoTime.getAsLong();
        StoreException last = lastRefusal;
        if (closed || (last != null && nowNs - lastAttemptNs < REOPEN_NS)) {
            throw last != null ? last : new StoreException("the store is closed");
        }
        lastAttemptNs = nowNs;
        try {
            Connection fresh = opener.open(directory);
            connection = fresh;
            lastRefusal = null;
            durability = Durability.POWER;
            opened++;
            return fresh;
        } catch (SQLException e) {
            lastRefusal = StoreFile.explained(directory, e);
        } catch (StoreException e) {
            lastRefusal = e;
        }
        throw lastRefusal;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (connection != null) {
                drop(connection);
            }
        } finally {
            lock.unlock();
        }
    }
}

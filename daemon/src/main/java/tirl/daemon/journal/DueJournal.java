package tirl.daemon.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tirl.daemon.store.Flushable;
import tirl.daemon.store.Flusher;
import tirl.daemon.store.Store;
import tirl.daemon.store.Store.Durability;
import tirl.daemon.store.StoreException;
import tirl.daemon.store.StoreSession;

/**
 * The stop commands that are due, on disk before the door opens: a daemon that is killed, and a machine that loses
 * power, still shut it after the next start. Any thread may call; a change is on disk when the call returns.
 */
public final class DueJournal implements Flushable {
    private final Store store;
    private final Flusher flusher;
    private final JournalFile old;
    private final Consumer<String> warning;
    /** Guarded by this, and held while the disk is waited for: callers have threads to spare. */
    private final Map<Long, Entry> open = new LinkedHashMap<>();

    private final Set<Long> differing = new LinkedHashSet<>();
    private Consumer<List<Entry>> onFound = _ -> {};
    private long lastId;
    private boolean loaded;

    /**
     * Reads what an earlier daemon left open; {@link #pending} then tells it. While the store is in trouble nothing is known
     * of that.
     *
     * @param oldDirectory where a daemon before the store kept a text file
     * @param warning gets a word for each line of that which cannot be read
     */
    public DueJournal(Store store, Flusher flusher, Path oldDirectory, Consumer<String> warning) {
        this.store = store;
        this.flusher = flusher;
        this.warning = warning;
        old = new JournalFile(oldDirectory);
        Outcome _ = flush();
    }

    /** Notes that a door opens; only after this may its start command run. */
    public Entry open(String door, String source, String stopCommand, Instant due) throws StoreException {
        // First the row of its lease: an entry whose lease nobody knows is shut at the next start.
        flusher.now();
        return openNow(door, source, stopCommand, due);
    }

    private synchronized Entry openNow(String door, String source, String stopCommand, Instant due)
            throws StoreException {
        Entry[] made = new Entry[1];
        try {
            write(() -> {
                lastId++;
                // The file has milliseconds, so that the entry is the same after a restart.
                made[0] = new Entry(lastId, door, source, stopCommand, Instant.ofEpochMilli(due.toEpochMilli()));
                change(lastId, made[0]);
            });
            return made[0];
        } catch (StoreException e) {
            // Nobody will open this door, so nobody has to shut it.
            if (made[0] != null) {
                open.remove(made[0].id());
            }
            throw e;
        }
    }

    /** Notes that the door stays open until another time; nothing when it is shut already. */
    public synchronized void extend(Entry entry, Instant due) throws StoreException {
        write(() -> {
            Entry live = open.get(entry.id());
            if (live != null) {
                change(live.id(), live.withDue(due));
            }
        });
    }

    /** Notes that the stop command has run; nothing when that is known already. */
    public synchronized void done(Entry entry) throws StoreException {
        open.remove(entry.id());
        differing.add(entry.id());
        write(() -> {});
    }

    /** What is open, in the order of opening; {@code late} is told it when that can be read only later. */
    public synchronized List<Entry> pending(Consumer<List<Entry>> late) {
        onFound = late;
        return pending();
    }

    /** What is open, in the order of opening. */
    public synchronized List<Entry> pending() {
        return new ArrayList<>(open.values());
    }

    private void change(long id, Entry entry) {
        open.put(id, entry);
        differing.add(id);
    }

    @Override
    public synchronized Outcome flush() {
        if (loaded && differing.isEmpty()) {
            return Outcome.DONE;
        }
        try {
            write(() -> {});
            return Outcome.DONE;
        } catch (StoreException reportedByTheStore) {
            return Outcome.TRY_AGAIN;
        }
    }

    /** What could not be written before goes along; nothing is written twice, whatever the failure was. */
    private void write(Runnable change) throws StoreException {
        boolean first = !loaded;
        try {
            if (first) {
                load();
            }
            change.run();
            List<Long> ids = List.copyOf(differing);
            if (!ids.isEmpty()) {
                store.write(Durability.POWER, session -> writeRows(session, ids));
                ids.forEach(differing::remove);
            }
        } catch (StoreException e) {
            flusher.soon();
            throw e;
        }
    }

    private boolean writeRows(StoreSession session, List<Long> ids) throws SQLException {
        for (long id : ids) {
            Entry entry = open.get(id);
            if (entry != null) {
                DueTable.put(session.connection(), entry);
            } else {
                DueTable.delete(session.connection(), id);
            }
        }
        return true;
    }

    private void load() throws StoreException {
        List<Entry> found = store.write(Durability.POWER, session -> {
            takeOverText(session.connection());
            return DueTable.all(session.connection());
        });
        for (Entry entry : found) {
            open.put(entry.id(), entry);
            lastId = Math.max(lastId, entry.id());
        }
        loaded = true;
        removeText();
        if (!found.isEmpty()) {
            onFound.accept(found);
        }
    }

    private void takeOverText(Connection connection) throws SQLException {
        if (!old.isThere()) {
            return;
        }
        try {
            String digest = old.digest();
            if (!DueTable.takenOver(connection).equals(digest)) {
                for (Entry entry : old.entries(warning)) {
                    DueTable.put(connection, entry);
                }
                DueTable.takeOver(connection, digest);
            }
        } catch (IOException e) {
            warning.accept("the old journal of open doors cannot be read: " + e);
        }
    }

    private void removeText() {
        try {
            if (old.isThere()) {
                old.remove();
            }
        } catch (IOException e) {
            warning.accept("the old journal of open doors is taken over, but cannot be removed: " + e.getMessage());
        }
    }
}

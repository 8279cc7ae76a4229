package tirl.daemon.journal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The stop commands that are due, on disk before the door opens: a daemon that is killed, and a machine that loses
 * power, still shut it after the next start. Any thread may call; a change is on disk when the call returns, and calls
 * made at the same time share one wait for the disk.
 */
public final class DueJournal implements AutoCloseable {
    /** Below this many lines the file is not worth shortening. */
    private static final int COMPACTED_FROM = 256;
    /** How many times more lines than open entries the file may have. */
    private static final int LINES_PER_ENTRY = 4;

    private final Path directory;
    private final JournalLock lock;
    private final JournalFile file;
    private final Map<Long, Entry> open = new LinkedHashMap<>();
    /** Held while the disk is waited for; taken before the journal's own monitor, never after. */
    private final Object disk = new Object();

    private long lastId;
    private long lines;
    private long appended;
    private long synced;
    /** The end of the file is unknown: before the next line all of it is written anew. */
    private boolean damaged;

    private DueJournal(Path directory, JournalLock lock, JournalFile file) {
        this.directory = directory;
        this.lock = lock;
        this.file = file;
    }

    /**
     * Takes the journal of a directory, made when missing; {@link #pending} then is what an earlier daemon left open.
     * Lines that cannot be read are skipped, each with a word to {@code warning}.
     */
    public static DueJournal load(Path directory, Consumer<String> warning) throws JournalException {
        try {
            JournalLock lock = JournalLock.take(directory);
            try {
                DueJournal journal = new DueJournal(directory, lock, new JournalFile(directory));
                journal.replay(warning);
                return journal;
            } catch (IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw failure(directory, e);
        }
    }

    private synchronized void replay(Consumer<String> warning) throws IOException {
        int number = 0;
        for (String text : file.lines()) {
            number++;
            Optional<Line> line = Line.parse(text);
            if (line.isEmpty()) {
                warning.accept(file.path() + ":" + number
                        + ": this line is damaged and skipped; if it told of an open door, that door is not shut");
                continue;
            }
            lastId = Math.max(lastId, line.get().id());
            line.get().applyTo(open);
        }
        try {
            compact();
        } catch (IOException e) {
            // A full disk must not keep doors open that could be shut.
            damaged = true;
            warning.accept(String.valueOf(failure(directory, e).getMessage()));
        }
    }

    /** Notes that a door opens; only after this may its start command run. */
    public Entry open(String door, String source, String stopCommand, Instant due) throws JournalException {
        repair();
        Entry entry;
        long position;
        synchronized (this) {
            lastId++;
            // The file has milliseconds, so that the entry is the same after a restart.
            entry = new Entry(lastId, door, source, stopCommand, Instant.ofEpochMilli(due.toEpochMilli()));
            position = append(new Line.Open(entry));
        }
        try {
            sync(position);
        } catch (JournalException e) {
            // Nobody will open this door, so nobody has to shut it.
            synchronized (this) {
                open.remove(entry.id());
            }
            throw e;
        }
        return entry;
    }

    /** Notes that the door stays open until another time; nothing when it is shut already. */
    public void extend(Entry entry, Instant due) throws JournalException {
        change(new Line.Extend(entry.id(), due));
    }

    /** Notes that the stop command has run; nothing when that is known already. */
    public void done(Entry entry) throws JournalException {
        change(new Line.Done(entry.id()));
        if (isMostlyDone()) {
            rewrite();
        }
    }

    /** What is open, in the order of opening. */
    public synchronized List<Entry> pending() {
        return new ArrayList<>(open.values());
    }

    private void change(Line line) throws JournalException {
        repair();
        long position;
        synchronized (this) {
            if (!open.containsKey(line.id())) {
                return;
            }
            position = append(line);
        }
        sync(position);
    }

    private synchronized long append(Line line) throws JournalException {
        try {
            if (damaged) {
                throw new IOException("an earlier write failed");
            }
            file.append(line.text());
        } catch (IOException e) {
            damaged = true;
            throw failure(directory, e);
        }
        line.applyTo(open);
        lines++;
        appended++;
        return appended;
    }

    private void sync(long position) throws JournalException {
        synchronized (disk) {
            long reached;
            synchronized (this) {
                if (synced >= position) {
                    return;
                }
                reached = appended;
            }
            // After a failed fsync the next one may succeed without having written anything.
            repair();
            try {
                file.sync();
            } catch (IOException e) {
                synchronized (this) {
                    damaged = true;
                }
                throw failure(directory, e);
            }
            synchronized (this) {
                synced = reached;
            }
        }
    }

    private void repair() throws JournalException {
        if (isDamaged()) {
            rewrite();
        }
    }

    private synchronized boolean isDamaged() {
        return damaged;
    }

    private synchronized boolean isMostlyDone() {
        return lines >= COMPACTED_FROM && lines >= (long) LINES_PER_ENTRY * open.size();
    }

    private void rewrite() throws JournalException {
        synchronized (disk) {
            try {
                compact();
            } catch (IOException e) {
                synchronized (this) {
                    damaged = true;
                }
                throw failure(directory, e);
            }
        }
    }

    private synchronized void compact() throws IOException {
        file.replace(open.values().stream().map(entry -> new Line.Open(entry).text()));
        lines = open.size();
        damaged = false;
    }

    private static JournalException failure(Path directory, IOException e) {
        String reason = e instanceof AccessDeniedException
                ? "permission denied"
                : e instanceof FileSystemException system && system.getReason() != null
                        ? system.getReason()
                        : String.valueOf(e.getMessage());
        return new JournalException(
                "the journal of open doors in " + directory + " cannot be written (" + reason
                        + "); it needs a directory that this daemon may write to and that survives a restart",
                e);
    }

    /** Lets another daemon take the journal; what is pending stays in it. */
    @Override
    public void close() throws JournalException {
        synchronized (disk) {
            synchronized (this) {
                try {
                    file.close();
                    lock.close();
                } catch (IOException e) {
                    throw failure(directory, e);
                }
            }
        }
    }
}

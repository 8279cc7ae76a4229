package tirl.daemon.journal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import tirl.daemon.store.Flushers;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreException;

/**
 * Child program: opens and shuts doors until it is killed, writing a line when a call has returned, and one before the
 * call to {@code done}, because from then on either state is right.
 */
final class JournalLoop {
    private JournalLoop() {}

    public static void main(String[] arguments) throws StoreException {
        Random random = new Random(Long.parseLong(arguments[1]));
        Path directory = Path.of(arguments[0]);
        Store store = new Store(directory, System::nanoTime, warning -> say("warning " + warning));
        DueJournal journal = new DueJournal(store, Flushers.INLINE, directory, warning -> say("warning " + warning));
        Deque<Entry> open = new ArrayDeque<>(journal.pending());
        say("ready");
        for (int i = 0; i < 100_000; i++) {
            if (open.size() > 20 || (!open.isEmpty() && random.nextBoolean())) {
                Entry entry = open.remove();
                say("shutting " + entry.id());
                journal.done(entry);
                say("shut " + entry.id());
            } else {
                Entry entry = journal.open("door", "10.0.0.1", "stop " + i, Instant.EPOCH.plusSeconds(i));
                open.add(entry);
                say("open " + entry.id());
            }
        }
    }

    /** One write a line, so that a line is whole or not there. */
    private static void say(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }
}

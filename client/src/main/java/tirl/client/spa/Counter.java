package tirl.client.spa;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The number of the last packet of a profile, in a file (section 5.1). It is on the disk before a packet is sent, and a
 * lock keeps two processes from taking the same. There are two records, written in turns: a write that a crash cuts short
 * leaves the other one.
 */
public final class Counter {
    private static final Set<StandardOpenOption> WRITABLE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    /** A file lock is the whole process's: two threads of it need this beside. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final Path file;

    public Counter(Path file) {
        this.file = file;
    }

    /** Begins at 1, for a device that is new. Does nothing when there is a record already. */
    public void begin(long nowMs) throws IOException {
        locked(channel -> {
            if (latest(records(channel)).isEmpty()) {
                write(channel, 0, CounterState.first(nowMs));
            }
            return 0;
        });
    }

    /** The next packet's; saved when this returns. */
    public Ticket next(long nowMs) throws IOException {
        return taken(nowMs, false);
    }

    /**
     * The same, past all that was ever used, should the file be an old copy: a restored home directory, say. The server
     * meets old numbers with silence.
     */
    public Ticket nextInDoubt(long nowMs) throws IOException {
        return taken(nowMs, true);
    }

    private Ticket taken(long nowMs, boolean doubt) throws IOException {
        return locked(channel -> {
            List<Optional<CounterState>> records = records(channel);
            Optional<CounterState> latest = latest(records);
            CounterState known = latest.orElseGet(() -> CounterState.lost(nowMs));
            CounterState state = doubt ? known.doubted(nowMs) : known;
            Ticket ticket = state.next(nowMs);
            // By the numbers: how records are compared Java makes at run time, which takes longer than the rest of
            // this.
            boolean firstIsOlder = records.getFirst()
                    .filter(first -> first.counter() == known.counter())
                    .isEmpty();
            write(channel, firstIsOlder ? 0 : 1, state.after(ticket, nowMs));
            return ticket;
        });
    }

    private interface Work<T> {
        T run(FileChannel channel) throws IOException;
    }

    private <T> T locked(Work<T> work) throws IOException {
        THREADS.lock();
        try (FileChannel channel = FileChannel.open(
                        file,
                        WRITABLE,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                FileLock _ = channel.lock()) {
            return work.run(channel);
        } catch (IOException e) {
            throw new IOException(
                    "the number of the next packet cannot be kept in " + file + " (" + e
                            + "), and one used twice opens nothing; make the file writable",
                    e);
        } finally {
            THREADS.unlock();
        }
    }

    private static List<Optional<CounterState>> records(FileChannel channel) throws IOException {
        return List.of(record(channel, 0), record(channel, 1));
    }

    private static Optional<CounterState> record(FileChannel channel, int number) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(CounterState.LENGTH);
        int length = channel.read(bytes, (long) number * CounterState.LENGTH);
        return length < CounterState.LENGTH
                ? Optional.empty()
                : CounterState.read(Arrays.copyOf(bytes.array(), CounterState.LENGTH));
    }

    private static Optional<CounterState> latest(List<Optional<CounterState>> records) {
        return records.stream()
                .flatMap(Optional::stream)
                .reduce((one, other) -> other.counter() > one.counter() ? other : one);
    }

    private static void write(FileChannel channel, int number, CounterState state) throws IOException {
        int _ = channel.write(ByteBuffer.wrap(state.write()), (long) number * CounterState.LENGTH);
        channel.force(false); // the octets and, while it grows, its length; not when it was changed
    }
}

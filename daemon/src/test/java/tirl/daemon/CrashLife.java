package tirl.daemon;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tirl.config.Config.Limits;
import tirl.daemon.command.CommandListener;
import tirl.daemon.command.CommandRunner;
import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.journal.DueJournal;
import tirl.daemon.journal.Entry;
import tirl.daemon.journal.StopAlarm;
import tirl.daemon.store.Flusher;
import tirl.daemon.store.LeaseTable;
import tirl.daemon.store.Openers;
import tirl.daemon.store.Store;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.FirewallException;
import tirl.grant.Lease;
import tirl.grant.LeaseLedger;
import tirl.grant.Policy;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.pipeline.Pipeline;
import tirl.recognise.Recogniser;
import tirl.recognise.RecognitionSink;

/**
 * A daemon of real parts on one thread, between its start and its death: pipeline, store with a real file, journal, hooks.
 * Other threads' work waits in queues until the script lets it go on.
 */
final class CrashLife {
    /** The hooks that ever ran, over all lives. */
    private final List<String> ran;

    private final CrashClock clock;
    private final Fate fate;
    private final Store store;
    private final LeaseTable leases;
    private final DueJournal journal;
    private final DoorCommands commands;
    private final List<String> troubles = new ArrayList<>();
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Map<Long, Entry> alarms = new HashMap<>();
    private Consumer<Entry> onDue = _ -> {};
    final Pipeline pipeline;
    /** The leases whose rows are known to be written. */
    private List<Lease> written = List.of();

    private boolean writing;

    CrashLife(
            Path directory,
            KernelModel kernel,
            CrashClock clock,
            Fate fate,
            List<String> ran,
            UnaryOperator<LeaseLedger> fault) {
        this.ran = ran;
        this.clock = clock;
        this.fate = fate;
        kernel.serve(fate);
        store = new Store(directory, Openers.watched(fate::step), clock::nanos, troubles::add);
        Flusher flusher = new Inline();
        leases = new LeaseTable(store, flusher, "this boot", clock::nanos, clock::nanos, _ -> false);
        journal = new DueJournal(store, flusher, directory.resolve("old"), troubles::add);
        commands = new DoorCommands(
                new Hooks(), journal, clock::instant, false, new Silent(troubles), new Waiting(), onDue -> {
                    this.onDue = onDue;
                    return new Alarms();
                });
        pipeline = new Pipeline(
                new Deaf(),
                new Policy(Limits.DEFAULT),
                kernel,
                fault.apply(leases),
                new HookEvents(new Nobody(), commands, door -> hooksOf(door)));
        writing = true;
    }

    private static tirl.door.Hooks hooksOf(String door) {
        tirl.door.Door known = CrashSite.DOORS.get(door);
        return known == null ? tirl.door.Hooks.NONE : known.hooks();
    }

    void start() throws FirewallException {
        pipeline.start(CrashSite.config(), clock.nanos());
        runWaiting(Integer.MAX_VALUE);
        DaemonStore.follow(pipeline.leases(), clock.nanos(), clock.instant(), commands);
    }

    /** Lets the thread of the hooks do something. */
    void runWaiting(int atMost) {
        for (int i = 0; i < atMost && !waiting.isEmpty(); i++) {
            waiting.remove().run();
        }
    }

    /** Lets the store's thread do its work. */
    void write() {
        if (leases.flush() == LeaseTable.Outcome.DONE && writing) {
            written = pipeline.leases();
        }
        var _ = journal.flush();
    }

    List<Lease> written() {
        return written;
    }

    List<String> troubles() {
        return troubles;
    }

    /** What time brings: the end of leases and stop hooks that are due. */
    void tick() {
        pipeline.tick(clock.nanos());
        List<Entry> due = alarms.values().stream()
                .filter(entry -> !entry.due().isAfter(clock.instant()))
                .sorted(Comparator.comparing(Entry::due))
                .toList();
        for (Entry entry : due) {
            alarms.remove(entry.id());
            onDue.accept(entry);
        }
    }

    /** The file is left as it is now; only the handles are given back. */
    void abandon() {
        store.close();
    }

    private final class Inline implements Flusher {
        @Override
        public void soon() {}

        @Override
        public void now() {
            write();
        }
    }

    private final class Hooks implements CommandRunner {
        @Override
        public void run(String key, String text, CommandListener listener) {
            fate.step("before " + text);
            ran.add(text);
            fate.step("after " + text);
            listener.finished(0);
        }

        @Override
        public void close() {}
    }

    private final class Alarms implements StopAlarm {
        @Override
        public void schedule(Entry entry) {
            if (entry.due().isAfter(clock.instant())) {
                alarms.put(entry.id(), entry);
            } else {
                // The timer's thread need not wait for the start to end.
                onDue.accept(entry);
            }
        }

        /** The call is under way already, which is the case that is allowed for. */
        @Override
        public void cancel(Entry entry) {
            alarms.remove(entry.id());
            onDue.accept(entry);
        }

        @Override
        public void close() {}
    }

    private final class Waiting extends AbstractExecutorService {
        @Override
        public void execute(Runnable task) {
            waiting.add(task);
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return true;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    private record Silent(List<String> troubles) implements DoorCommands.Listener {
        @Override
        public void running(String door, String command) {}

        @Override
        public void shutting(String door, Address source) {}

        @Override
        public void failed(String door, int exitStatus) {}

        @Override
        public void output(String door, String line) {}

        @Override
        public void trouble(String message) {
            troubles.add(message);
        }
    }

    private static final class Nobody implements EventSink {
        @Override
        public boolean wantsProgress() {
            return false;
        }

        @Override
        public void accept(Event event) {}
    }

    static final class Deaf implements Recogniser {
        @Override
        public void on(Packet packet, long nowNs, RecognitionSink sink) {}

        @Override
        public void expire(long nowNs, RecognitionSink sink) {}

        @Override
        public int halfDone() {
            return 0;
        }
    }

    /** Time that passes when the test says so, for daemon and kernel alike. */
    static final class CrashClock {
        private static final Instant START = Instant.parse("2026-02-03T04:05:06Z");

        private long nanos = 1_000_000_000L;

        long nanos() {
            return nanos;
        }

        Instant instant() {
            return START.plusNanos(nanos);
        }

        void pass(long more) {
            nanos += more;
        }
    }
}

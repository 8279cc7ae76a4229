package tirl.daemon.hooks;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import tirl.daemon.command.CommandListener;
import tirl.daemon.command.CommandRunner;
import tirl.daemon.command.Commands;
import tirl.daemon.journal.DueJournal;
import tirl.daemon.journal.Entry;
import tirl.daemon.journal.StopAlarm;
import tirl.daemon.journal.StopTimer;
import tirl.daemon.store.StoreException;
import tirl.packet.Address;

/**
 * Opens doors by start commands and shuts them by stop commands. What has to be shut is in the journal before it is
 * opened. Everything here happens on one thread of its own, in the order of the calls; none of them waits.
 */
public final class DoorCommands implements AutoCloseable {
    /**
     * What a door runs.
     *
     * @param stop empty when the door is not shut again
     */
    public record Opening(
            String door, Address source, Optional<String> start, Optional<String> stop, Duration openFor) {}

    /** What happened, for the log. */
    public interface Listener {
        void running(String door, String command);

        void shutting(String door, Address source);

        void failed(String door, int exitStatus);

        void output(String door, String line);

        void trouble(String message);

        /** Nothing was run: a door that nobody would shut after a crash is not opened. */
        default void refused(String door, Address source, String why) {
            trouble("door " + door + " stays shut for " + source + ": " + why);
        }
    }

    private static final int PATIENCE_SECONDS = 30;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final CommandRunner commands;
    private final DueJournal journal;
    private final StopAlarm timer;
    private final InstantSource clock;
    private final boolean repeat;
    private final Listener listener;
    private final ExecutorService order;
    private volatile boolean closing;
    /** What is still to be shut, in the order of opening: who takes an opening out of here runs its stop command. */
    private final Map<Long, Entry> open = new TreeMap<>();
    /** The latest opening of each door and source; with {@code repeat} there may be more than that. */
    private final Map<String, Long> latest = new HashMap<>();

    /** What an earlier daemon left open is left alone until {@link #takeOver}. */
    public DoorCommands(Commands commands, DueJournal journal, InstantSource clock, boolean repeat, Listener listener) {
        this(
                commands,
                journal,
                clock,
                repeat,
                listener,
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().name("door-commands").daemon().factory()),
                onDue -> new StopTimer(clock, onDue));
    }

    /** The same with threads and timer of the caller's. */
    public DoorCommands(
            CommandRunner commands,
            DueJournal journal,
            InstantSource clock,
            boolean repeat,
            Listener listener,
            ExecutorService order,
            Function<Consumer<Entry>, StopAlarm> alarm) {
        this.commands = commands;
        this.order = order;
        this.journal = journal;
        this.clock = clock;
        this.repeat = repeat;
        this.listener = listener;
        timer = alarm.apply(entry -> later(() -> shut(entry)));
    }

    /**
     * Shuts at once what an earlier daemon left open past its end, and the rest in time. To be called once.
     *
     * @param end when an opening ends as far as is known now: of one that was extended just before the daemon died, the
     *     journal may tell an earlier end, and what was opened may be gone since. What the journal cannot tell now is
     *     shut as it will tell.
     */
    public void takeOver(Function<Entry, Instant> end) {
        List<Entry> left = journal.pending(found -> later(() -> found.forEach(this::hold)));
        later(() -> left.forEach(entry -> {
            Entry now = entry.withDue(end.apply(entry));
            if (now.due().isAfter(entry.due())) {
                extend(now);
            } else {
                hold(now);
            }
        }));
    }

    private void hold(Entry entry) {
        open.put(entry.id(), entry);
        latest.merge(key(entry), entry.id(), Math::max);
        timer.schedule(entry);
    }

    private static String key(Entry entry) {
        return key(entry.door(), entry.source());
    }

    private static String key(String door, String source) {
        return door + ' ' + source;
    }

    private Optional<Entry> live(String key) {
        return Optional.ofNullable(latest.get(key)).map(open::get);
    }

    public void open(Opening opening) {
        order.execute(() -> carryOut(opening));
    }

    /** Shuts a door now for a source, if it is open. */
    public void shut(String door, Address source) {
        order.execute(() -> live(key(door, source.toString())).ifPresent(entry -> {
            timer.cancel(entry);
            shut(entry);
        }));
    }

    private void carryOut(Opening opening) {
        String key = key(opening.door(), opening.source().toString());
        try {
            if (opening.stop().isPresent()) {
                Instant due = clock.instant().plus(opening.openFor());
                Optional<Entry> live = repeat ? Optional.empty() : live(key);
                if (live.isPresent()) {
                    extend(live.get().withDue(due));
                    return;
                }
                hold(journal.open(
                        opening.door(),
                        opening.source().toString(),
                        opening.stop().get(),
                        due));
            }
        } catch (StoreException e) {
            listener.refused(opening.door(), opening.source(), e.reason());
            return;
        }
        opening.start().ifPresent(start -> run(opening.door(), key, start, _ -> {}));
    }

    private void extend(Entry extended) {
        hold(extended);
        try {
            journal.extend(extended, extended.due());
        } catch (StoreException e) {
            // After a crash it would shut early, which is better than never.
            listener.trouble("door " + extended.door() + ": that it stays open longer is not written: " + e.reason());
        }
    }

    private void shut(Entry entry) {
        Entry live = open.get(entry.id());
        if (live == null || live.due().isAfter(entry.due())) {
            return; // revoked or extended while the timer's word of it was on its way here
        }
        open.remove(entry.id());
        latest.remove(key(entry), entry.id());
        listener.shutting(entry.door(), Address.parse(entry.source()).orElse(new Address(0, 0)));
        run(entry.door(), key(entry), entry.stopCommand(), ended -> {
            if (ended) {
                later(() -> forget(entry));
            } else if (!closing) {
                later(() -> tryAgain(entry));
            }
        });
    }

    /** Too many commands at once: the door is open still, and who opens it meanwhile extends that. */
    private void tryAgain(Entry entry) {
        hold(entry.withDue(clock.instant().plus(RETRY)));
    }

    private void later(Runnable task) {
        try {
            order.execute(task);
        } catch (RejectedExecutionException closed) {
            // It came after the last moment: the journal still has the entry, and the next start shuts the door.
        }
    }

    private void forget(Entry entry) {
        try {
            journal.done(entry);
        } catch (StoreException e) {
            listener.trouble("the stop command of " + entry.door() + " would run once more if the daemon died now: "
                    + e.reason());
        }
    }

    private void run(String door, String key, String command, Consumer<Boolean> then) {
        listener.running(door, command);
        commands.run(key, command, new CommandListener() {
            @Override
            public void finished(int exitStatus) {
                if (exitStatus != 0) {
                    listener.failed(door, exitStatus);
                }
                then.accept(true);
            }

            @Override
            public void output(String line) {
                listener.output(door, line);
            }

            @Override
            public void failedToStart(String reason) {
                listener.trouble("door " + door + ": the command was not run: " + reason);
                then.accept(false);
            }

            @Override
            public void timedOut() {
                listener.trouble("door " + door + ": the command ran longer than it may and is ended: " + command);
            }
        });
    }

    /** Shuts everything that is open, early but surely: nobody would shut it after the daemon's end. */
    public void shutAll() {
        order.execute(() -> {
            timer.close();
            List.copyOf(open.values()).forEach(this::shut);
        });
    }

    /** Waits, within bounds, for what was begun; what is not done then stays in the journal for the next start. */
    @Override
    public void close() {
        closing = true;
        try {
            // First what was handed over becomes commands, then those run, then their ends are written down.
            order.submit(() -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            commands.close();
            order.shutdown();
            if (!order.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                listener.trouble("some commands did not end in time");
            }
            timer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            listener.trouble(String.valueOf(e.getMessage()));
        }
    }
}

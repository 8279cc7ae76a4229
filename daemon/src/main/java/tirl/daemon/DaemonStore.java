package tirl.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import tirl.config.Config;
import tirl.daemon.command.CommandLimits;
import tirl.daemon.command.Commands;
import tirl.daemon.fwknop.FwknopPart;
import tirl.daemon.fwknop.FwknopPractice;
import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.journal.DueJournal;
import tirl.daemon.log.Log;
import tirl.daemon.practice.Exercise;
import tirl.daemon.spa.SpaPart;
import tirl.daemon.spa.SpaPractice;
import tirl.daemon.store.LeaseTable;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreThread;
import tirl.door.Hooks;
import tirl.door.Service;
import tirl.event.EventSink;
import tirl.grant.Lease;
import tirl.grant.LeaseLedger;
import tirl.linux.libc.BootClock;

/** What the daemon keeps on disk, and what stands on it: leases and the hooks of doors. */
final class DaemonStore implements AutoCloseable {
    private final Store store;
    private final StoreThread thread = new StoreThread();
    private final LeaseTable leases;
    private final DoorCommands commands;

    /** Begins to open it: the driver takes its time, which other parts of the start can use. */
    static CompletableFuture<Store> opening(Config config, Log log) {
        return CompletableFuture.supplyAsync(() -> new Store(config.state(), System::nanoTime, log::error));
    }

    /**
     * @param hooksOf the hooks of a door now
     * @param refused is told of a door that is open in the kernel, but whose hooks could not be run
     */
    DaemonStore(CompletableFuture<Store> opening, Log log, Function<String, Hooks> hooksOf, HookLog.Refused refused)
            throws IOException {
        store = opening.join();
        leases = new LeaseTable(
                store,
                thread,
                BootClock.bootId(),
                BootClock::nanos,
                System::nanoTime,
                label -> !hooksOf.apply(label).isNone());
        DueJournal journal = new DueJournal(store, thread, store.directory().resolve("hooks"), log::warning);
        thread.add(leases);
        thread.add(journal);
        thread.add(store);
        commands = new DoorCommands(
                new Commands(Path.of("/"), CommandLimits.STANDARD, Duration.ofSeconds(10)),
                journal,
                InstantSource.system(),
                false,
                new HookLog(log, refused));
    }

    /** Why nothing can be written down now. */
    Optional<String> trouble() {
        return store.trouble();
    }

    /** SPA's part, which writes on a thread of its own. */
    SpaPart spa(Config config, SpaPart.Daemon daemon) {
        return new SpaPart(config, store, thread, daemon);
    }

    /** fwknop's part, likewise. */
    FwknopPart fwknop(SpaPart.Daemon daemon) {
        return new FwknopPart(store, thread, commands, daemon);
    }

    /** What packets of the parts that this configuration has will cost; with what takes the events of it. */
    List<Exercise> exercises(Config config, EventSink events) {
        List<Exercise> exercises = new ArrayList<>();
        Optional<Service> service = config.services().stream().findFirst();
        if (config.spa().isPresent() && service.isPresent()) {
            exercises.add(new SpaPractice(store, config, config.spa().get(), service.get(), events));
        }
        config.fwknop().ifPresent(_ -> exercises.add(new FwknopPractice(store, events)));
        return exercises;
    }

    LeaseLedger ledger() {
        return leases;
    }

    DoorCommands commands() {
        return commands;
    }

    /** After a start: hooks go with the leases that were found. */
    void follow(List<Lease> live) {
        follow(live, System.nanoTime(), Instant.now(), commands);
    }

    /**
     * A lease that ended while no daemon was there, in whatever way, takes its hooks with it; one that was extended just
     * before the last daemon died keeps them.
     */
    static void follow(List<Lease> live, long nowNs, Instant now, DoorCommands commands) {
        record Whose(String door, String source) {}
        Map<Whose, Duration> left = new HashMap<>();
        live.forEach(lease -> left.put(new Whose(lease.label(), lease.source().toString()), lease.left(nowNs)));
        commands.takeOver(entry -> Optional.ofNullable(left.get(new Whose(entry.door(), entry.source())))
                .map(now::plus)
                .orElse(Instant.EPOCH));
    }

    @Override
    public void close() {
        commands.close();
        thread.close();
        store.close();
    }
}

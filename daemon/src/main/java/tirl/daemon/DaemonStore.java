package tirl.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import tirl.config.Config;
import tirl.daemon.command.CommandLimits;
import tirl.daemon.command.Commands;
import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.journal.DueJournal;
import tirl.daemon.journal.Entry;
import tirl.daemon.log.Log;
import tirl.daemon.store.LeaseTable;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreThread;
import tirl.door.Hooks;
import tirl.grant.Lease;
import tirl.grant.LeaseLedger;
import tirl.linux.libc.BootClock;
import tirl.packet.Address;

/** What the daemon keeps on disk, and what stands on it: leases and the hooks of doors. */
final class DaemonStore implements AutoCloseable {
    private final Store store;
    private final StoreThread thread = new StoreThread();
    private final LeaseTable leases;
    private final DueJournal journal;
    private final DoorCommands commands;

    /**
     * @param hooksOf the hooks of a door now
     * @param refused is told of a door that is open in the kernel, but whose hooks could not be run
     */
    DaemonStore(Config config, Log log, Function<String, Hooks> hooksOf, HookLog.Refused refused) throws IOException {
        Path state = config.state();
        store = new Store(state, System::nanoTime, log::error);
        leases = new LeaseTable(
                store,
                thread,
                BootClock.bootId(),
                BootClock::nanos,
                System::nanoTime,
                label -> !hooksOf.apply(label).isNone());
        journal = new DueJournal(store, thread, state.resolve("hooks"), log::warning);
        thread.add(leases);
        thread.add(journal);
        commands = new DoorCommands(
                new Commands(Path.of("/"), CommandLimits.STANDARD, Duration.ofSeconds(10)),
                journal,
                InstantSource.system(),
                false,
                new HookLog(log, refused));
    }

    LeaseLedger ledger() {
        return leases;
    }

    DoorCommands commands() {
        return commands;
    }

    /** A lease that ended while no daemon was there, in whatever way, takes its hooks with it. */
    void shutAllBut(List<Lease> live) {
        for (Entry entry : journal.pending()) {
            boolean isLive = live.stream()
                    .anyMatch(lease -> lease.label().equals(entry.door())
                            && lease.source().toString().equals(entry.source()));
            if (!isLive) {
                Address.parse(entry.source()).ifPresent(source -> commands.shut(entry.door(), source));
            }
        }
    }

    @Override
    public void close() {
        commands.close();
        thread.close();
        store.close();
    }
}

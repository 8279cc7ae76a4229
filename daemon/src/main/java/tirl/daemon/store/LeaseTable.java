package tirl.daemon.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tirl.daemon.store.Store.Durability;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.grant.LeaseLedger;

/**
 * The leases in the store. The decision thread changes a copy in memory, and the store's thread brings the rows that differ
 * to the file: however many changes wait, they are no more than there are leases. Rows need not survive a power cut, as no
 * lease does, so nothing here waits for a disk.
 */
public final class LeaseTable implements LeaseLedger, Flushable {
    private final Store store;
    private final Flusher flusher;
    private final LeaseRows rows;
    private final LongSupplier nanoTime;
    private final Predicate<String> needsStore;
    /** Guarded by this. */
    private final Map<Long, LeaseRow> wanted = new HashMap<>();

    private final Set<Long> differing = new LinkedHashSet<>();
    private boolean wantsReopening;
    private boolean reopeningDiffers;
    private boolean rewrite;
    private long opened;

    /**
     * @param boot tells this start of the machine from others
     * @param boottimeNs the clock that goes on while the daemon is dead
     * @param nanoTime the clock that leases end on
     * @param needsStore labels that must not open while the store is in trouble
     */
    public LeaseTable(
            Store store,
            Flusher flusher,
            String boot,
            LongSupplier boottimeNs,
            LongSupplier nanoTime,
            Predicate<String> needsStore) {
        this.store = store;
        this.flusher = flusher;
        this.nanoTime = nanoTime;
        this.needsStore = needsStore;
        rows = new LeaseRows(boot, boottimeNs);
    }

    @Override
    public Kept kept(long nowNs) {
        try {
            return store.write(Durability.PROCESS, session -> {
                Kept kept = rows.read(session.connection(), nowNs);
                synchronized (this) {
                    opened = session.opened();
                }
                return kept;
            });
        } catch (StoreException reportedByTheStore) {
            return Kept.NOTHING;
        }
    }

    @Override
    public void opened(Lease lease) {
        want(rows.of(lease, nanoTime.getAsLong(), false));
        flusher.soon();
    }

    @Override
    public synchronized void ended(Collection<Lease> leases) {
        leases.forEach(lease -> forget(lease.id()));
        flusher.soon();
    }

    @Override
    public void revoking(Lease lease) {
        want(rows.of(lease, nanoTime.getAsLong(), true));
        flusher.now();
    }

    @Override
    public void revoked(Lease lease) {
        forget(lease.id());
        flusher.now();
    }

    @Override
    public void reopening() {
        reopening(true);
        flusher.now();
    }

    @Override
    public void settled(Collection<Lease> all) {
        settle(all);
        flusher.now();
    }

    @Override
    public Optional<String> refusal(GrantRequest request) {
        Optional<String> trouble = store.trouble();
        return trouble.isPresent() && needsStore.test(request.label())
                ? Optional.of("its hooks need the store, and " + trouble.get())
                : Optional.empty();
    }

    private synchronized void want(LeaseRow row) {
        wanted.put(row.id(), row);
        differing.add(row.id());
    }

    private synchronized void forget(long id) {
        wanted.remove(id);
        differing.add(id);
    }

    private synchronized void reopening(boolean value) {
        wantsReopening = value;
        reopeningDiffers = true;
    }

    private synchronized void settle(Collection<Lease> all) {
        wanted.clear();
        differing.clear();
        all.forEach(lease -> wanted.put(lease.id(), rows.of(lease, nanoTime.getAsLong(), false)));
        rewrite = true;
        reopening(false);
    }

    /** What was there to be written at one moment. */
    private record Batch(boolean all, Map<Long, @Nullable LeaseRow> changes, Optional<Boolean> reopening) {}

    @Override
    public Outcome flush() {
        if (isClean()) {
            return Outcome.DONE;
        }
        Batch batch = take(false);
        try {
            store.write(Durability.PROCESS, session -> {
                // A file that was opened anew may be another one.
                Batch now = isNew(session) ? take(true) : batch;
                write(session.connection(), now);
                return now;
            });
            return Outcome.DONE;
        } catch (StoreException reportedByTheStore) {
            giveBack(batch);
            return Outcome.TRY_AGAIN;
        }
    }

    private synchronized boolean isClean() {
        return differing.isEmpty() && !rewrite && !reopeningDiffers;
    }

    private synchronized boolean isNew(StoreSession session) {
        boolean fresh = session.opened() != opened;
        opened = session.opened();
        return fresh;
    }

    private synchronized Batch take(boolean everything) {
        boolean all = rewrite || everything;
        Map<Long, @Nullable LeaseRow> changes = new HashMap<>();
        Set<Long> ids = new HashSet<>(all ? wanted.keySet() : differing);
        ids.forEach(id -> changes.put(id, wanted.get(id)));
        Optional<Boolean> reopening = all || reopeningDiffers ? Optional.of(wantsReopening) : Optional.empty();
        differing.clear();
        rewrite = false;
        reopeningDiffers = false;
        return new Batch(all, changes, reopening);
    }

    private synchronized void giveBack(Batch batch) {
        differing.addAll(batch.changes().keySet());
        rewrite |= batch.all();
        reopeningDiffers = true;
        // A batch that was taken inside of a transaction that failed is not known here.
        opened = 0;
    }

    private void write(Connection connection, Batch batch) throws SQLException {
        if (batch.all()) {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM lease");
            }
        }
        if (batch.reopening().isPresent()) {
            rows.setReopening(connection, batch.reopening().get());
        }
        try (PreparedStatement put = connection.prepareStatement(LeaseRows.PUT);
                PreparedStatement delete = connection.prepareStatement("DELETE FROM lease WHERE id = ?")) {
            for (Map.Entry<Long, @Nullable LeaseRow> change : batch.changes().entrySet()) {
                LeaseRow row = change.getValue();
                if (row != null) {
                    row.bind(put);
                    put.executeUpdate();
                } else {
                    delete.setLong(1, change.getKey());
                    delete.executeUpdate();
                }
            }
        }
    }
}

package tirl.linux.firewall;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tirl.grant.FirewallException;
import tirl.grant.Opening;
import tirl.linux.firewall.ConntrackCodec.Connection;

/**
 * Deletes the entries of cut connections on a thread of its own: the kernel takes tens of milliseconds to walk through
 * its connections, however few there are, and knocks must not wait for that. Nothing depends on when it happens: what
 * is cut does not pass any more already.
 */
public final class Cutter implements AutoCloseable {
    /** Deletions during which an opening has to wait. */
    private static final int MAX_BATCH = 100;

    private final Conntrack conntrack;
    private final Runnable done;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().name("cutter").daemon().unstarted(task));
    /** What is to be cut, with the request that says so. Only under the lock. */
    private final Map<Opening, Object> pending = new HashMap<>();

    /** @param done is run on the cutter's thread after each request */
    Cutter(Conntrack conntrack, Runnable done) {
        this.conntrack = conntrack;
        this.done = done;
    }

    /**
     * @param local tells the addresses of this host
     * @param done is run on the cutter's thread after each request
     */
    public Cutter(LocalAddresses local, Runnable done) throws FirewallException {
        this(new Conntrack(local), done);
    }

    /** Deletes the entries of live connections of these. */
    public CompletableFuture<Map<Opening, Integer>> cut(Set<Opening> openings) {
        Object request = new Object();
        synchronized (this) {
            openings.forEach(opening -> pending.put(opening, request));
        }
        CompletableFuture<Map<Opening, Integer>> result =
                CompletableFuture.supplyAsync(() -> delete(openings, request), thread);
        // Not what whenComplete returns: that is complete only after who is woken has looked at it.
        var _ = result.whenComplete((_, _) -> done.run());
        return result;
    }

    /**
     * These open again, so new connections to them must be left alone from now on. Old ones that have not been deleted yet
     * cannot be told from new ones: they go on, as if the lease had been extended.
     */
    public synchronized void spare(Collection<Opening> openings) {
        if (!pending.isEmpty()) {
            openings.forEach(pending::remove);
        }
    }

    private Map<Opening, Integer> delete(Set<Opening> openings, Object request) {
        try {
            Map<Connection, Opening> found = conntrack.find(openings);
            List<Connection> all = List.copyOf(found.keySet());
            Map<Opening, Integer> counts = new HashMap<>();
            for (int from = 0; from < all.size(); from += MAX_BATCH) {
                List<Connection> batch = all.subList(from, Math.min(all.size(), from + MAX_BATCH));
                deleteBatch(batch, found, request)
                        .forEach(connection -> counts.merge(opening(found, connection), 1, Integer::sum));
            }
            return counts;
        } catch (FirewallException | IOException failure) {
            throw new CompletionException(failure);
        } finally {
            forget(openings, request);
        }
    }

    private synchronized List<Connection> deleteBatch(
            List<Connection> batch, Map<Connection, Opening> found, Object request)
            throws IOException, FirewallException {
        List<Connection> wanted = new ArrayList<>(batch);
        wanted.removeIf(connection -> !request.equals(pending.get(opening(found, connection))));
        return conntrack.delete(wanted);
    }

    private synchronized void forget(Set<Opening> openings, Object request) {
        openings.forEach(opening -> pending.remove(opening, request));
    }

    private static Opening opening(Map<Connection, Opening> found, Connection connection) {
        Opening opening = found.get(connection);
        if (opening == null) {
            throw new IllegalStateException("not found: " + connection);
        }
        return opening;
    }

    @Override
    public void close() {
        thread.close();
        conntrack.close();
    }
}

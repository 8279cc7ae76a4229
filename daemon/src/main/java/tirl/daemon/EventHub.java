package tirl.daemon;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import tirl.config.Config;
import tirl.daemon.log.Log;
import tirl.daemon.log.RateLimit;
import tirl.daemon.mail.MailAlerts;
import tirl.event.Event;
import tirl.event.EventSink;

/**
 * Writes events to the log, hands them to whoever watches and to who is to get mail. Called by the decision thread, and
 * never waits.
 */
final class EventHub implements EventSink, AutoCloseable {
    /** More lines than this help nobody; who wants each event watches. */
    private static final int LINES_PER_SECOND = 50;

    private final Log log;
    private final LongSupplier nanoTime;
    private final boolean verbose;
    private final RateLimit limit;
    private final List<BlockingQueue<Map<String, Object>>> watchers = new CopyOnWriteArrayList<>();
    private final MailAlerts mail;

    EventHub(Log log, LongSupplier nanoTime, boolean verbose) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.verbose = verbose;
        limit = new RateLimit(LINES_PER_SECOND, nanoTime.getAsLong());
        mail = new MailAlerts(EventText::line, log::notice, log::warning);
    }

    /** Mail as this configuration has it, from now on. */
    void follow(Config config) {
        mail.follow(config.mail());
    }

    @Override
    public void close() {
        mail.close();
    }

    /** From now on events are offered to this queue; when it is full they are left out. Any thread. */
    void add(BlockingQueue<Map<String, Object>> watcher) {
        watchers.add(watcher);
    }

    void remove(BlockingQueue<Map<String, Object>> watcher) {
        watchers.remove(watcher);
    }

    @Override
    public boolean wantsProgress() {
        return verbose || !watchers.isEmpty();
    }

    @Override
    public void accept(Event event) {
        if (verbose || !isProgress(event)) {
            write(event);
        }
        mail.accept(event);
        if (!watchers.isEmpty()) {
            Map<String, Object> described = EventText.fields(event);
            watchers.forEach(watcher -> watcher.offer(described));
        }
    }

    private static boolean isProgress(Event event) {
        return event instanceof Event.Advanced || event instanceof Event.Rejected;
    }

    private void write(Event event) {
        if (!limit.admits(nanoTime.getAsLong())) {
            return;
        }
        long heldBack = limit.takeHeldBack();
        if (heldBack > 0) {
            log.warning(heldBack + " events were not logged: more than " + LINES_PER_SECOND + " a second");
        }
        log.notice(EventText.line(event));
    }
}

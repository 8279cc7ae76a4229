package tirl.daemon.control;

import java.util.Map;
import java.util.concurrent.BlockingQueue;

/** What the daemon answers to. Called from the threads of connections. */
public interface ControlRequests {
    /** Carries out one request and returns its result: text, numbers, lists and maps. */
    Object answer(Map<String, Object> request) throws ControlException;

    /** Offers every event from now on to the queue. */
    void watch(BlockingQueue<Map<String, Object>> queue);

    void unwatch(BlockingQueue<Map<String, Object>> queue);
}

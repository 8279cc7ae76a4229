package tirl.lab;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.NoSuchElementException;

/**
 * What must not outlive this JVM: child processes and namespaces. They are closed by try-with-resources as a rule; a
 * shutdown hook closes, newest first, what a failure or an interrupt left.
 */
final class Cleanup {
    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Cleanup::closeAll, "lab-cleanup"));
    }

    private Cleanup() {}

    static void register(AutoCloseable resource) {
        synchronized (OPEN) {
            OPEN.push(resource);
        }
    }

    static void forget(AutoCloseable resource) {
        synchronized (OPEN) {
            OPEN.remove(resource);
        }
    }

    private static void closeAll() {
        while (true) {
            AutoCloseable resource;
            synchronized (OPEN) {
                try {
                    resource = OPEN.pop();
                } catch (NoSuchElementException e) {
                    return;
                }
            }
            try {
                resource.close();
            } catch (Exception e) {
                System.err.println("lab: could not clean up " + resource + ": " + e);
            }
        }
    }
}

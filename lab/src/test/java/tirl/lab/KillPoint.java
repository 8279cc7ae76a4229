package tirl.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One system call of the daemon at which it dies: SIGKILL comes at the entry of the call, so the call is not made. strace
 * counts the calls of each thread by itself.
 */
record KillPoint(String call, int number) {
    private static final Duration ATTACHED = Duration.ofSeconds(20);

    /** To the kernel's tables, to the store's files and their disk, and for hooks; with how far a script gets. */
    private static final Map<String, Integer> CALLS =
            new TreeMap<>(Map.of("sendto", 8, "pwrite64", 12, "fsync", 2, "clone3", 2, "write", 6));

    static KillPoint random(Random random) {
        List<String> calls = List.copyOf(CALLS.keySet());
        String call = calls.get(random.nextInt(calls.size()));
        return new KillPoint(call, 1 + random.nextInt(CALLS.getOrDefault(call, 1)));
    }

    String[] tracer() {
        return new String[] {
            "strace",
            "-f",
            "-q",
            "-o",
            "/dev/null",
            "-e",
            "trace=" + call,
            "-e",
            "inject=" + call + ":signal=KILL:when=" + number
        };
    }

    /** Begins to count in a daemon that runs. */
    Background attach(ProcessHandle daemon) {
        List<String> words = Stream.concat(Stream.of(tracer()), Stream.of("-p", Long.toString(daemon.pid())))
                .toList();
        Background tracer = Command.start(words);
        Await.until(
                () -> "strace attaches to all threads: " + tracer.err(),
                ATTACHED,
                () -> !tracer.alive() || !daemon.isAlive() || allTraced(daemon.pid()));
        return tracer;
    }

    private static boolean allTraced(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            return threads.allMatch(KillPoint::isTraced);
        } catch (IOException | UncheckedIOException gone) {
            return true;
        }
    }

    private static boolean isTraced(Path thread) {
        try {
            return !Files.readString(thread.resolve("status")).contains("TracerPid:\t0\n");
        } catch (IOException ended) {
            return true;
        }
    }

    @Override
    public String toString() {
        return call + " number " + number;
    }
}

package tirl.lab;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A network namespace of our own. Its name, {@code tl}, our process id and a number, is of this run only. Sockets are
 * opened in it by threads of this JVM ({@link #inside}), which costs microseconds; programs run in it by
 * {@code ip netns exec}.
 */
public final class Namespace implements AutoCloseable {
    /** For commands that take no time unless something is broken. */
    public static final Duration SOON = Duration.ofSeconds(20);

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int CLONE_NEWNET = 0x40000000;

    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /** Makes a namespace with its loopback up. */
    public static Namespace create() {
        String run = Long.toString(ProcessHandle.current().pid(), Character.MAX_RADIX);
        Namespace namespace = new Namespace("tl" + run + "x" + COUNT.incrementAndGet());
        Output made = Command.run(SOON, List.of("ip", "netns", "add", namespace.name));
        if (!made.succeeded()) {
            throw new LabException("tests in network namespaces need root and CAP_NET_ADMIN: " + made);
        }
        Cleanup.register(namespace);
        namespace.ip("link set lo up");
        return namespace;
    }

    public String name() {
        return name;
    }

    /** Runs a program in here to its end; how it ended is for the caller to judge. */
    public Output run(String... words) {
        return run(SOON, words);
    }

    public Output run(Duration limit, String... words) {
        return Command.run(limit, inHere(words));
    }

    /** The same, with {@code input} on its standard input. */
    public Output runWith(String input, String... words) {
        return Command.run(SOON, inHere(words), input);
    }

    /** Runs a program that has to succeed and returns what it printed. */
    public String ask(String... words) {
        return run(words).orThrow().out();
    }

    /** Gives {@code nft} a script. */
    public void nft(String script) {
        Command.run(SOON, inHere("nft", "-f", "-"), script).orThrow();
    }

    /** Runs {@code ip} commands, one a line without the word {@code ip}, in one process. */
    public void ip(String... lines) {
        Command.run(SOON, List.of("ip", "-n", name, "-batch", "-"), String.join("\n", lines) + "\n")
                .orThrow();
    }

    /** Starts a program in here that runs beside the test. */
    public Background start(String... words) {
        return Command.start(inHere(words));
    }

    /** The same, with {@code input} on its standard input. */
    public Background startWith(String input, String... words) {
        return Command.start(inHere(words), input);
    }

    /** The programs that run in here. Threads of this JVM that are in here do not make it one of them. */
    public List<ProcessHandle> processes() {
        return Command.run(SOON, List.of("ip", "netns", "pids", name))
                .orThrow()
                .out()
                .lines()
                .map(line -> ProcessHandle.of(Long.parseLong(line.strip())))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Does {@code work} on a thread of this namespace: sockets that it opens belong here for good. */
    public <T> T inside(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(() -> {
            enter();
            return work.call();
        });
        Thread.ofPlatform().name("in-" + name).daemon().start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LabException known) {
                throw known;
            }
            throw new LabException("in namespace " + name + ": " + e.getCause(), e);
        }
    }

    /** Starts a thread that lives in this namespace; never a virtual one, which would change its carrier. */
    public Thread thread(String role, Runnable work) {
        return Thread.ofPlatform().name(role + "-" + name).daemon().start(() -> {
            enter();
            work.run();
        });
    }

    /**
     * Takes the namespace away, and with it its interfaces and rules. Programs that still run in it are killed: a
     * daemon's children may outlive it.
     */
    @Override
    public void close() {
        Cleanup.forget(this);
        processes().forEach(ProcessHandle::destroyForcibly);
        Command.run(SOON, List.of("ip", "netns", "del", name)).orThrow();
    }

    private void enter() {
        int descriptor = Libc.openForReading("/run/netns/" + name);
        try {
            Libc.setNamespace(descriptor, CLONE_NEWNET);
        } finally {
            Libc.close(descriptor);
        }
    }

    private List<String> inHere(String... words) {
        // A shell that runs the tests in the background has its children ignore SIGINT.
        return Stream.concat(Stream.of("ip", "netns", "exec", name, "env", "--default-signal=INT"), Stream.of(words))
                .toList();
    }

    @Override
    public String toString() {
        return name;
    }
}

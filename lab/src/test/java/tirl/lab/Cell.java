package tirl.lab;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A mount namespace beside a network namespace, for firewalls that keep files: in here {@code /run} is empty and the
 * directories of ufw and firewalld are copies, so nothing that runs here changes the machine.
 */
final class Cell implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SCRIPT = """
            set -e
            mount -t tmpfs -o mode=755 tmpfs /run
            mkdir /run/copies /run/dbus
            for folder in /etc/ufw /etc/default /lib/ufw /etc/firewalld; do
                [ -d $folder ] || continue
                copy=/run/copies$(echo $folder | tr / _)
                cp -a $folder $copy
                mount --bind $copy $folder
            done
            echo ready
            exec sleep infinity
            """;

    private final Background holder;
    private final List<String> enter;

    Cell(Namespace namespace) {
        holder = namespace.start("unshare", "-m", "sh", "-c", SCRIPT);
        Await.until(
                () -> "a private mount namespace: " + holder.err(),
                LIMIT,
                () -> holder.out().contains("ready"));
        enter = List.of("nsenter", "-t", Long.toString(holder.handle().pid()), "-m", "-n", "--");
    }

    Output run(String... words) {
        return Command.run(LIMIT, inHere(words));
    }

    /** Runs a program that has to succeed and returns what it printed. */
    String ask(String... words) {
        return run(words).orThrow().out();
    }

    /** A program with input. */
    void feed(String input, String... words) {
        Command.run(LIMIT, inHere(words), input).orThrow();
    }

    Background start(String... words) {
        return Command.start(inHere(words));
    }

    private List<String> inHere(String... words) {
        return Stream.concat(enter.stream(), Stream.of(words)).toList();
    }

    @Override
    public void close() {
        holder.close();
    }
}

package tirl.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A port-knocking daemon that runs in the foreground in a namespace: Debian's knockd 0.8, or tirl in its place. Its
 * configuration, its log and whatever its door commands write are in a directory of its own, which the text of the
 * configuration calls {@code {dir}}.
 */
final class KnockDaemon implements AutoCloseable {
    /** A JVM may take this long on a machine that has other things to do. */
    static final Duration START_LIMIT = Duration.ofSeconds(30);

    /** Which program. */
    enum Kind {
        KNOCKD,
        TIRL;

        /** The words that start it, without options. */
        List<String> program() {
            return this == KNOCKD ? List.of("/usr/sbin/knockd") : List.of(TirlProcess.launcher(), "knockd");
        }
    }

    private final Kind kind;
    private final Namespace namespace;
    private final List<String> options;
    private final Path directory;
    private Background process;

    private KnockDaemon(
            Kind kind, Namespace namespace, String config, List<String> options, Map<String, String> files) {
        this.kind = kind;
        this.namespace = namespace;
        this.options = options;
        try {
            directory = Files.createTempDirectory("tl");
        } catch (IOException e) {
            throw new LabException("could not make a directory for the daemon", e);
        }
        write("knockd.conf", config);
        files.forEach(this::write);
        process = run();
    }

    /**
     * Starts the daemon on {@code srv0} and waits until it listens.
     *
     * @param doors the configuration; the log file is added to it
     * @param tirlOptions options that only tirl has, and only tirl gets
     */
    static KnockDaemon start(Kind kind, Namespace namespace, String doors, String... tirlOptions) {
        List<String> options = new ArrayList<>(List.of("-i", "srv0"));
        if (kind == Kind.TIRL) {
            options.addAll(List.of(tirlOptions));
        }
        return launch(kind, namespace, "[options]\n\tLogFile = {dir}/log\n" + doors, options)
                .listening();
    }

    /** This daemon, as soon as it listens; it is closed when it does not come to that. */
    KnockDaemon listening() {
        try {
            awaitListening(1);
            return this;
        } catch (LabException e) {
            close();
            throw e;
        }
    }

    /** Starts the daemon with this configuration and these options, and does not wait. */
    static KnockDaemon launch(Kind kind, Namespace namespace, String config, List<String> options) {
        return launch(kind, namespace, config, options, Map.of());
    }

    /** The same, with more files in its directory, by their names. */
    static KnockDaemon launch(
            Kind kind, Namespace namespace, String config, List<String> options, Map<String, String> files) {
        return new KnockDaemon(kind, namespace, config, options, files);
    }

    /** The text of a door whose commands, if it has any, are among the {@code lines}. */
    static String door(String name, String sequence, String... lines) {
        return doorOf(name, "sequence = " + sequence, lines);
    }

    /** The same, with sequences from a file of the directory, of which each is good for one time. */
    static String oneTimeDoor(String name, String file, String... lines) {
        return doorOf(name, "one_time_sequences = {dir}/" + file, lines);
    }

    private static String doorOf(String name, String first, String... lines) {
        return "[" + name + "]\n\t" + first + "\n"
                + String.join(
                        "", Stream.of(lines).map(line -> "\t" + line + "\n").toList());
    }

    /** A command that notes down in the file {@code ran} that it ran. */
    static String noting(String key, String what) {
        return key + " = echo " + what + " %IP% >>{dir}/ran";
    }

    void awaitListening(int times) {
        Await.until(() -> this + " listens; " + said(), START_LIMIT, () -> {
            if (!process.alive()) {
                throw new LabException(this + " ended instead of listening; " + said());
            }
            return log().lines().filter(line -> line.contains("listening on")).count() >= times;
        });
    }

    /** The log file. */
    String log() {
        return read("log");
    }

    /** What the door commands noted down, a line each. */
    List<String> ran() {
        return read("ran").lines().toList();
    }

    String out() {
        return process.out();
    }

    String err() {
        return process.err();
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    void write(String name, String text) {
        try {
            Files.writeString(file(name), text.replace("{dir}", directory.toString()));
        } catch (IOException e) {
            throw new LabException("could not write " + file(name), e);
        }
    }

    /** A file of the directory; empty when it is not there. */
    String read(String name) {
        try {
            // knockd's log may hold octets that are no text: a reader must not fail of them.
            return new String(Files.readAllBytes(file(name)), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new LabException("could not read " + file(name), e);
        }
    }

    boolean alive() {
        return process.alive();
    }

    /** Sends a signal to the daemon alone. */
    void signal(String name) {
        process.signal(name);
    }

    /** Sends a signal to what the daemon has started. */
    void signalChildren(String name) {
        signal(name, process.handle().descendants());
    }

    /** Sends a signal to the daemon and to what it has started, at once, as an end of the whole service does. */
    void signalAll(String name) {
        signal(name, Stream.concat(process.handle().descendants(), Stream.of(process.handle())));
    }

    int awaitEnd() {
        return process.exit(START_LIMIT);
    }

    /** Starts it again, after it ended, and waits until it listens. */
    void restart() {
        long before =
                log().lines().filter(line -> line.contains("listening on")).count();
        process.close();
        process = run();
        awaitListening((int) before + 1);
    }

    /** Starts it again, after it ended, and does not wait. */
    void relaunch() {
        process.close();
        process = run();
    }

    String said() {
        return "its log:\n" + log() + "its output:\n" + out() + err();
    }

    @Override
    public void close() {
        process.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LabException("could not remove " + directory, e);
        }
    }

    private Background run() {
        List<String> words = new ArrayList<>(kind.program());
        words.addAll(List.of("-c", file("knockd.conf").toString()));
        options.forEach(option -> words.add(option.replace("{dir}", directory.toString())));
        if (kind == Kind.TIRL) {
            words.addAll(List.of("--state", file("state").toString()));
        }
        return namespace.start(words.toArray(String[]::new));
    }

    /** At once; one that ended by itself meanwhile is as good. */
    private static void signal(String name, Stream<ProcessHandle> processes) {
        List<String> pids = processes.map(each -> Long.toString(each.pid())).toList();
        Command.run(Namespace.SOON, List.of("sh", "-c", "kill -" + name + " " + String.join(" ", pids)));
    }

    @Override
    public String toString() {
        return kind.toString();
    }
}

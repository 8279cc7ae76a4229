package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The daemon, run in a namespace by its launcher as a user would run it, with its own directory for config and socket. */
public final class TirlProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Namespace namespace;
    private final Path directory;
    private final List<String> environment;
    /** What earlier processes of this daemon logged, before a restart. */
    private final StringBuilder past = new StringBuilder();

    private Background process;

    private TirlProcess(Namespace namespace, List<String> interfaces, String config, String... environment) {
        this.namespace = namespace;
        this.environment = List.of(environment);
        try {
            directory = Files.createTempDirectory("tl");
        } catch (IOException e) {
            throw new LabException("could not make a directory for the daemon", e);
        }
        write(interfaces, config);
        process = serve();
    }

    /**
     * Starts the daemon and waits until it is ready.
     *
     * @param config what comes after the interfaces and the control socket, which are written for it: further keys of
     *     the table {@code daemon}, then the other tables
     * @param environment further variables, as {@code NAME=value}
     */
    public static TirlProcess start(
            Namespace namespace, List<String> interfaces, String config, String... environment) {
        TirlProcess tirl = launch(namespace, interfaces, config, environment);
        try {
            tirl.awaitReady();
        } catch (LabException e) {
            tirl.close();
            throw e;
        }
        return tirl;
    }

    /** Starts the daemon without waiting: it may have reasons not to be ready yet. */
    public static TirlProcess launch(
            Namespace namespace, List<String> interfaces, String config, String... environment) {
        return new TirlProcess(namespace, interfaces, config, environment);
    }

    public void awaitReady() {
        Await.until(() -> "a ready daemon; its log:\n" + log(), START_LIMIT, () -> {
            if (!process.alive()) {
                throw new LabException("the daemon ended instead of getting ready; its log:\n" + log());
            }
            return process.err().contains(" ready: ");
        });
    }

    /** Everything that this daemon has logged, also before a restart. */
    public String log() {
        return past + process.err() + process.out();
    }

    public Path controlSocket() {
        return directory.resolve("control.sock");
    }

    public Path configFile() {
        return directory.resolve("tirl.toml");
    }

    /** The daemon's directory, unless its configuration names another. */
    public Path state() {
        return directory.resolve("state");
    }

    public boolean alive() {
        return process.alive();
    }

    /** Writes a new configuration file; the daemon does not know yet. */
    public void write(List<String> interfaces, String config) {
        String names = interfaces.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        String head = "[daemon]\ninterfaces = [" + names + "]\ncontrol = \"" + controlSocket() + "\"\n";
        boolean hasState = config.startsWith("state = ") || config.contains("\nstate = ");
        head += hasState ? "" : "state = \"" + state() + "\"\n";
        try {
            Files.writeString(configFile(), head + config);
        } catch (IOException e) {
            throw new LabException("could not write " + configFile(), e);
        }
    }

    /** Sends SIGHUP and waits until the log has one line more that contains {@code answer}. */
    public void reload(String answer) {
        long before = linesWith(answer);
        process.signal("HUP");
        Await.until(
                () -> "a line with \"" + answer + "\" after SIGHUP; the log:\n" + log(),
                START_LIMIT,
                () -> linesWith(answer) > before);
    }

    /** Sends a signal that does not end it. */
    public void signal(String name) {
        process.signal(name);
    }

    /** Sends a signal that ends it and returns the exit status. */
    public int end(String signal) {
        process.signal(signal);
        return process.exit(START_LIMIT);
    }

    /** Waits for an end that something else brings about and returns the exit status. */
    public int awaitEnd() {
        return process.exit(START_LIMIT);
    }

    /** Starts the daemon again, after it ended, and waits until it is ready. */
    public void restart() {
        past.append(process.err()).append(process.out());
        process.close();
        process = serve();
        awaitReady();
    }

    /** Starts the daemon again by another program, such as a tracer, and waits until it is ready or has ended. */
    public void restartUnder(String... program) {
        past.append(process.err()).append(process.out());
        process.close();
        process = serve(program);
        Await.until(
                () -> "a daemon that is ready or dead; its log:\n" + log(),
                START_LIMIT,
                () -> !process.alive() || process.err().contains(" ready: "));
    }

    /** The running program, or what runs it. */
    public ProcessHandle handle() {
        return process.handle();
    }

    /** Runs another command of the program against this daemon. */
    public Output control(String... words) {
        return namespace.run(onThis(words));
    }

    /** The same, running beside the test. */
    public Background watch(String... words) {
        return namespace.start(onThis(words));
    }

    /** The launcher's path. */
    public static String launcher() {
        Path path = Path.of(System.getProperty("tirl.launcher", "../tirl"))
                .toAbsolutePath()
                .normalize();
        if (!Files.isExecutable(path)) {
            throw new LabException("no launcher at " + path + "; build first, or set -Dtirl.launcher=PATH");
        }
        return path.toString();
    }

    /** Kills the daemon and removes its table, so that the next one in this namespace starts from nothing. */
    @Override
    public void close() {
        process.close();
        namespace.run("nft", "delete", "table", "inet", "tirl");
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LabException("could not remove " + directory, e);
        }
    }

    private Background serve(String... program) {
        List<String> words = new ArrayList<>(List.of(program));
        words.add("env");
        words.addAll(environment);
        words.addAll(List.of(launcher(), "serve", "-c", configFile().toString()));
        return namespace.start(words.toArray(String[]::new));
    }

    private String[] onThis(String... words) {
        List<String> all = new ArrayList<>(List.of(launcher()));
        all.addAll(List.of(words));
        all.addAll(List.of("-c", configFile().toString()));
        return all.toArray(String[]::new);
    }

    private long linesWith(String text) {
        return log().lines().filter(line -> line.contains(text)).count();
    }
}

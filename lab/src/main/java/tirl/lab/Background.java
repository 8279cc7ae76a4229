package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs beside the test, with its output in files. Closing kills it and what it started. */
public final class Background implements AutoCloseable {
    private final List<String> words;
    private final Process process;
    private final Path directory;

    private Background(List<String> words, Process process, Path directory) {
        this.words = words;
        this.process = process;
        this.directory = directory;
    }

    /** Starts a program that reads {@code input}. */
    static Background start(List<String> words, String input) {
        try {
            Path directory = Files.createTempDirectory("tl");
            Process process = new ProcessBuilder(words)
                    .redirectInput(
                            Files.writeString(directory.resolve("in"), input).toFile())
                    .redirectOutput(directory.resolve("out").toFile())
                    .redirectError(directory.resolve("err").toFile())
                    .start();
            Background background = new Background(words, process, directory);
            Cleanup.register(background);
            return background;
        } catch (IOException e) {
            throw new LabException("could not start " + words, e);
        }
    }

    /** Everything written to standard output so far. */
    public String out() {
        return read("out");
    }

    /** Everything written to standard error so far. */
    public String err() {
        return read("err");
    }

    /** The process itself. What {@code ip netns exec} and the launcher start takes their place, so it is the program. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** Waits for its end and returns the exit status. */
    public int exit(Duration limit) {
        try {
            if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new LabException(words + " did not end within " + limit);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        }
    }

    /** Sends a signal by its name to the program itself, never to what it started: that may be gone by then. */
    public void signal(String name) {
        Command.run(Duration.ofSeconds(5), List.of("sh", "-c", "kill -" + name + " " + process.pid()))
                .orThrow();
    }

    @Override
    public void close() {
        killTree(process.toHandle());
        try {
            process.waitFor();
            Files.deleteIfExists(directory.resolve("in"));
            Files.deleteIfExists(directory.resolve("out"));
            Files.deleteIfExists(directory.resolve("err"));
            Files.deleteIfExists(directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new LabException("could not remove " + directory, e);
        } finally {
            Cleanup.forget(this);
        }
    }

    /** Kills a process that we started and all that it started. */
    static void killTree(ProcessHandle root) {
        List<ProcessHandle> children = root.descendants().toList();
        root.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private String read(String file) {
        try {
            return Files.readString(directory.resolve(file));
        } catch (IOException e) {
            throw new LabException("could not read the output of " + words, e);
        }
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}

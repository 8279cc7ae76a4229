package tirl.linux.namespace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A running child that talks in lines. */
public final class Program implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(15);
    /** How long one stimulus is given. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Process process;
    private final PrintStream input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    Program(Process process) {
        this.process = process;
        input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().start(this::readLines);
    }

    public Program say(String line) {
        input.println(line);
        return this;
    }

    /** The next line that starts so; fails when none comes in time. */
    public String await(String start) {
        return await(line -> line.startsWith(start), start);
    }

    public String await(Predicate<String> wanted, String description) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try {
            while (true) {
                String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    throw new AssertionError("no \"" + description + "\" in time, but " + seen);
                }
                seen.add(line);
                if (wanted.test(line)) {
                    return line;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /** The next line that is wanted, while {@code stimulus} is given again and again. */
    public String provoke(Runnable stimulus, Predicate<String> wanted, String description) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        try {
            while (System.nanoTime() < deadline) {
                stimulus.run();
                String line = lines.poll(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
                for (; line != null; line = lines.poll()) {
                    seen.add(line);
                    if (wanted.test(line)) {
                        return line;
                    }
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("no \"" + description + "\" in time, but " + seen);
    }

    /** The answer to a question that is put again until it is the one wanted. */
    public void askUntil(String question, String answer) {
        String start = answer.substring(0, answer.indexOf(' ') + 1);
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            last = say(question).await(start);
            if (last.equals(answer)) {
                return;
            }
        }
        throw new AssertionError("\"" + question + "\" stays \"" + last + "\", not \"" + answer + "\"");
    }

    /** Every line taken so far. */
    public List<String> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        // ip netns exec replaces itself, so this is the program's own process.
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void readLines() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException ended) {
            lines.add("ended");
        }
    }
}

package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs. Their output goes to files, so that none can block on a full pipe. */
public final class Command {
    private static final String NOTHING = "";

    private Command() {}

    /** Runs a program to its end, or kills it when the time is over. */
    public static Output run(Duration limit, List<String> words) {
        return run(limit, words, NOTHING);
    }

    /** The same, with {@code input} on its standard input. */
    public static Output run(Duration limit, List<String> words, String input) {
        try {
            Path directory = Files.createTempDirectory("tl");
            try {
                return run(limit, words, Files.writeString(directory.resolve("in"), input), directory);
            } finally {
                for (String file : List.of("in", "out", "err")) {
                    Files.deleteIfExists(directory.resolve(file));
                }
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new LabException("could not run " + words + ": " + e.getMessage() + missing(words), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        }
    }

    private static Output run(Duration limit, List<String> words, Path input, Path directory)
            throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(words)
                .redirectInput(input.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended;
        try {
            ended = process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            Background.killTree(process.toHandle());
        }
        int exit = process.waitFor();
        return new Output(words, exit, Files.readString(out), Files.readString(err), !ended);
    }

    /** Starts a program that runs beside the test until it is closed. */
    public static Background start(List<String> words) {
        return start(words, NOTHING);
    }

    /** The same, with {@code input} on its standard input. */
    public static Background start(List<String> words, String input) {
        return Background.start(words, input);
    }

    private static String missing(List<String> words) {
        return " (the lab needs iproute2, nftables, knockd, nmap and hping3; is `" + words.getFirst() + "` installed?)";
    }
}

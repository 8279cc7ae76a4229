package tirl.daemon.background;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.ThisProcess;

/**
 * How a JVM, which cannot fork, goes to the background: the process that the user started starts the same command
 * again, shows what that has to say, and ends when it reports to be ready. Until then the child is an ordinary child:
 * same directory, same terminal, and Ctrl-C ends both. With {@link #ready} it becomes a daemon.
 */
public final class Background {
    /** In the environment of the child, with the word by which it says that it is ready. */
    public static final String VARIABLE = "TIRL_BACKGROUND";

    private static final int FAILED = 1;

    private Background() {}

    /** Whether this process is the child, and is to stay where it is instead of detaching once more. */
    public static boolean isChild() {
        return System.getenv(VARIABLE) != null;
    }

    /**
     * Starts the command and waits until it is ready: 0 then, else the exit code it had, having shown what it wrote. A
     * child that is not ready in time is ended.
     */
    public static int detach(List<String> command, Duration patience) throws IOException, InterruptedException {
        return detach(command, patience, System.out);
    }

    static int detach(List<String> command, Duration patience, PrintStream out)
            throws IOException, InterruptedException {
        String word = "ready "
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectError(Redirect.INHERIT);
        builder.environment().put(VARIABLE, word);
        Process child = builder.start();
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("child-output").start(() -> ready.complete(pass(child, word, out)));
        try {
            if (ready.get(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return 0;
            }
            return exitCode(child, patience);
        } catch (TimeoutException e) {
            child.destroyForcibly();
            throw new IOException(
                    "the daemon did not get ready within " + patience.toSeconds()
                            + " s and was ended; start it in the foreground to see what it waits for",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The child wrote all it had to, which mostly means that it has ended. */
    private static int exitCode(Process child, Duration patience) throws InterruptedException {
        if (child.waitFor(patience)) {
            return child.exitValue();
        }
        child.destroyForcibly();
        return FAILED;
    }

    /** Shows what the child writes, until it says the word; whether it did. */
    private static boolean pass(Process child, String word, PrintStream out) {
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.equals(word)) {
                    return true;
                }
                out.println(line);
            }
        } catch (IOException e) {
            // The child is gone: its exit code tells the rest.
        }
        return false;
    }

    /**
     * In the child, once everything that can fail at the start has succeeded: a session of its own, the root directory,
     * standard streams to nowhere, and the parent may end. In a process that is not such a child nothing happens.
     */
    public static void ready() throws IOException {
        String word = System.getenv(VARIABLE);
        if (word != null) {
            leave(word);
        }
    }

    private static void leave(String word) throws LibcException {
        ThisProcess.startSession();
        ThisProcess.changeDirectory("/");
        System.err.flush();
        System.out.println(word);
        System.out.flush();
        ThisProcess.silenceStandardStreams();
    }

    /** The command that started this Java program, with other arguments for the program itself. */
    public static List<String> ownCommand(String... arguments) throws IOException {
        @Nullable String executable = ProcessHandle.current().info().command().orElse(null);
        if (executable == null) {
            throw new IOException("/proc does not tell by what this program was started; run it in the foreground");
        }
        return CommandLine.of(executable, CommandLine.ofThisProcess()).withArguments(List.of(arguments));
    }
}

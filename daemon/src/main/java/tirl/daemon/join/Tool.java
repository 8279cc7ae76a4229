package tirl.daemon.join;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program of the host's firewall, run with a bound on its time. */
final class Tool {
    /** systemd and cron may start us without the sbin directories. */
    private static final List<String> USUAL = List.of("/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin");

    /** Listing takes milliseconds, beside huge blocklists a second; firewall-cmd is a Python program. */
    private static final long LIMIT_SECONDS = 20;

    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    private Tool() {}

    static boolean isInstalled(String program) {
        return find(program).isPresent();
    }

    /** What it prints. It fails when the program does. */
    static String ask(List<String> words) throws JoinException {
        String program = words.getFirst();
        Path path = find(program).orElseThrow(() -> new JoinException(program + " is not installed"));
        List<String> command = new ArrayList<>(words);
        command.set(0, path.toString());
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile());
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            try {
                return answer(words, process);
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException failure) {
            throw new JoinException(program + " cannot be run: " + failure.getMessage(), failure);
        }
    }

    private static String answer(List<String> words, Process process) throws JoinException {
        CompletableFuture<String> out = reading(process.getInputStream());
        CompletableFuture<String> err = reading(process.getErrorStream());
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new JoinException(
                        "`" + String.join(" ", words) + "` does not end within " + LIMIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                String said = (err.join() + " " + out.join()).strip().replaceAll("\\s*\\n\\s*", "; ");
                throw new JoinException("`" + String.join(" ", words) + "` failed: " + said);
            }
            return out.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new JoinException("interrupted while " + words.getFirst() + " ran", interrupted);
        } catch (CompletionException broken) {
            throw new JoinException(words.getFirst() + " cannot be read: " + broken.getCause(), broken);
        }
    }

    private static CompletableFuture<String> reading(InputStream stream) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try (stream) {
                        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                THREADS);
    }

    private static Optional<Path> find(String program) {
        String path = System.getenv("PATH");
        return Stream.concat(Stream.of((path == null ? "" : path).split(":", -1)), USUAL.stream())
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

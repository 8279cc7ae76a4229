package tirl.linux.iptables;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tirl.grant.FirewallException;

/** A program of this host that changes its firewall. */
record Program(Path path) {
    /** systemd and cron may start us without the sbin directories. */
    private static final List<String> USUAL = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

    private static final long LIMIT_SECONDS = 60;

    static Optional<Program> find(String name) {
        String path = System.getenv("PATH");
        return Stream.concat(Stream.of((path == null ? "" : path).split(":", -1)), USUAL.stream())
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Program::new);
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    /** What it prints; an error when it does not end with 0. */
    String run(String operation, String input, String... arguments) throws FirewallException {
        List<String> words = new ArrayList<>(List.of(path.toString()));
        words.addAll(List.of(arguments));
        try {
            ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            try {
                feed(process, input);
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new FirewallException(operation + ": " + name() + " does not end");
                }
                if (process.exitValue() != 0) {
                    throw new FirewallException(operation + ": " + explained(output));
                }
                return output;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException failure) {
            throw new FirewallException(operation + ": " + name() + " cannot be run: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new FirewallException(operation + ": interrupted while " + name() + " ran", interrupted);
        }
    }

    /** These programs read all their input before they write a word, but for complaints that fit into a pipe. */
    private static void feed(Process process, String input) {
        try (OutputStream to = process.getOutputStream()) {
            to.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException brokenPipe) {
            // It ended early; its own words say why.
        }
    }

    private String explained(String output) {
        String words = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("Try `"))
                .limit(3)
                .collect(Collectors.joining("; "));
        String shown = words.isEmpty() ? name() + " failed and does not say why" : words;
        return shown.contains("ermission denied") || shown.contains("not permitted")
                ? shown + "; changing the firewall needs root or the capability CAP_NET_ADMIN"
                : shown;
    }
}

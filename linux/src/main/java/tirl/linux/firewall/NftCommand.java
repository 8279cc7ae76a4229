package tirl.linux.firewall;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tirl.grant.FirewallException;

/** Runs the program nft, for what happens at start, reload and end only. */
final class NftCommand {
    /** systemd and cron may start us without the sbin directories. */
    private static final List<String> USUAL = List.of("/usr/sbin", "/sbin", "/usr/local/sbin");

    /** nft waits for no lock and answers in milliseconds, or in seconds beside a huge blocklist. */
    private static final long LIMIT_SECONDS = 60;

    private NftCommand() {}

    /** One transaction: all of {@code script} or nothing. */
    static void run(String operation, String script) throws FirewallException {
        run(operation, script, List.of("-f", "-"));
    }

    /** Returns what nft printed. */
    static String run(String operation, String input, List<String> words) throws FirewallException {
        try {
            List<String> command =
                    Stream.concat(Stream.of(find().toString()), words.stream()).toList();
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("LC_ALL", "C");
            Process nft = builder.start();
            try {
                // nft reads all its input before it writes a word, so neither side can block the other.
                feed(nft, input);
                String output = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                if (!nft.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new FirewallException(operation + ": nft does not end");
                }
                if (nft.exitValue() != 0) {
                    throw new FirewallException(operation + ": " + explained(output));
                }
                return output;
            } finally {
                nft.destroyForcibly();
            }
        } catch (IOException failure) {
            throw new FirewallException(operation + ": nft cannot be run: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new FirewallException(operation + ": interrupted while nft ran", interrupted);
        }
    }

    private static void feed(Process nft, String script) {
        try (OutputStream input = nft.getOutputStream()) {
            input.write(script.getBytes(StandardCharsets.UTF_8));
        } catch (IOException brokenPipe) {
            // nft ended early; its own words say why.
        }
    }

    static boolean isThere() {
        return candidates().findFirst().isPresent();
    }

    private static Path find() throws FirewallException {
        return candidates().findFirst().orElseThrow(() -> new FirewallException("nft not found: install nftables"));
    }

    private static Stream<Path> candidates() {
        String path = System.getenv("PATH");
        return Stream.concat(Stream.of((path == null ? "" : path).split(":", -1)), USUAL.stream())
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "nft"))
                .filter(Files::isExecutable);
    }

    /** The lines that say what is wrong, without the echo of our script and the arrows under it. */
    static String explained(String output) {
        String errors = output.lines()
                .map(String::strip)
                .filter(line -> line.contains("rror:") || line.contains("not permitted"))
                .map(line -> line.substring(Math.max(0, line.indexOf("rror:") - 1)))
                .distinct()
                .limit(3)
                .collect(Collectors.joining("; "));
        String shown = errors.isEmpty() ? output.strip().replace('\n', ' ') : errors;
        return shown.contains("not permitted") ? shown + "; " + NftablesFirewall.NEEDS_CAPABILITY : shown;
    }
}

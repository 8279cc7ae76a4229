package tirl.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tirl.ruleset.compile.SequenceCompiler;
import tirl.ruleset.compile.SequenceCompiler.Target;

/**
 * Compiled rules as the kernel's own tools list them. To be compared with what is loaded, a file is loaded into a network
 * namespace that is made for it and ends with it, so the tools have written both texts the same way.
 */
final class LoadedRules {
    private static final String LIST_NFT = "nft -s -t list table inet " + SequenceCompiler.NAME;
    private static final String IPTABLES = "iptables";
    private static final String IP6TABLES = "ip6tables";

    private LoadedRules() {}

    /** What the kernel has now; nothing when nothing is loaded. Sets are without their elements. */
    static List<String> now(Target target) throws IOException {
        return switch (target) {
            case NFT -> {
                boolean loaded = run("", "nft list tables").contains("table inet " + SequenceCompiler.NAME);
                yield loaded ? run("", LIST_NFT) : List.of();
            }
            case IPTABLES ->
                Stream.concat(chains("-4 ", run("", save(IPTABLES))), chains("-6 ", run("", save(IP6TABLES))))
                        .toList();
        };
    }

    /** What it would have after these rules were loaded. */
    static List<String> asLoaded(Target target, String rules) throws IOException {
        return switch (target) {
            case NFT -> elsewhere(rules, "nft -f - && " + LIST_NFT);
            case IPTABLES ->
                Stream.concat(
                                chains("-4 ", elsewhere(rules, IPTABLES + "-restore --noflush && " + save(IPTABLES))),
                                chains("-6 ", elsewhere(rules, IP6TABLES + "-restore --noflush && " + save(IP6TABLES))))
                        .toList();
        };
    }

    private static String save(String program) {
        return program + "-save -t mangle";
    }

    /** Our chains and the jump to them; that the jump is there more than once changes nothing. */
    private static Stream<String> chains(String family, List<String> saved) {
        return saved.stream()
                .filter(line -> line.startsWith("-A ") && line.contains(SequenceCompiler.NAME))
                .distinct()
                .sorted(Comparator.comparing(line -> line.split(" ", -1)[1]))
                .map(line -> family + line);
    }

    private static List<String> elsewhere(String input, String script) throws IOException {
        return run(input, "exec unshare --net sh -c '" + script + "'");
    }

    /** Runs a script of ours; what it says goes through files, so that it cannot block on a full pipe. */
    private static List<String> run(String input, String script) throws IOException {
        List<Path> files = new ArrayList<>();
        try {
            for (String use : List.of("in", "out", "err")) {
                files.add(Files.createTempFile("tirl", use));
            }
            Files.writeString(files.get(0), input);
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", script)
                    .redirectInput(files.get(0).toFile())
                    .redirectOutput(files.get(1).toFile())
                    .redirectError(files.get(2).toFile());
            Map<String, String> environment = builder.environment();
            environment.put("LC_ALL", "C");
            environment.merge("PATH", ":/usr/sbin:/sbin", String::concat);
            int exit = builder.start().waitFor();
            if (exit != 0) {
                throw new IOException("--diff needs root and the target's tools: "
                        + Files.readString(files.get(2), StandardCharsets.UTF_8).strip());
            }
            return Files.readAllLines(files.get(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the rules were listed", e);
        } finally {
            files.forEach(LoadedRules::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package tirl.daemon.background;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How a Java program was started, up to where its own arguments begin. */
record CommandLine(List<String> launcher) {
    /** Options of java(1) whose value is the next word; with {@code =} the value is in the same one. */
    private static final Set<String> TAKE_A_WORD = Set.of(
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "--upgrade-module-path",
            "--add-modules",
            "--limit-modules",
            "--enable-native-access",
            "--illegal-native-access",
            "--add-reads",
            "--add-exports",
            "--add-opens",
            "--patch-module",
            "--source");
    /** The next word is the program, and the last of the launcher's. */
    private static final Set<String> PROGRAM_FOLLOWS = Set.of("-jar", "-m", "--module");

    CommandLine {
        launcher = List.copyOf(launcher);
    }

    /** The words after the first; not from ProcessHandle, which leaves out what is longer than a page. */
    static List<String> ofThisProcess() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of("/proc/self/cmdline"));
        List<String> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                words.add(new String(bytes, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
        return words.subList(1, words.size());
    }

    /** Splits what follows the executable; one that is not java itself, as a native image, has only arguments. */
    static CommandLine of(String executable, List<String> words) {
        List<String> launcher = new ArrayList<>(List.of(executable));
        if (!Path.of(executable).endsWith("java")) {
            return new CommandLine(launcher);
        }
        int at = 0;
        while (at < words.size() && isOption(words.get(at)) && !PROGRAM_FOLLOWS.contains(words.get(at))) {
            at += TAKE_A_WORD.contains(words.get(at)) ? 2 : 1;
        }
        boolean named = at < words.size() && PROGRAM_FOLLOWS.contains(words.get(at));
        launcher.addAll(words.subList(0, Math.min(words.size(), at + (named ? 2 : 1))));
        return new CommandLine(launcher);
    }

    List<String> withArguments(List<String> arguments) {
        List<String> all = new ArrayList<>(launcher);
        all.addAll(arguments);
        return all;
    }

    /** A file of options counts as one. */
    private static boolean isOption(String word) {
        return word.startsWith("-") || word.startsWith("@");
    }
}

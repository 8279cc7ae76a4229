package tirl.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tirl.spa.Body;

/** Asks for what must not stand in a command line, where every user of the machine can read it. */
final class Secrets {
    private static final Path TERMINAL = Path.of("/dev/tty");
    /** No invitation is as long. */
    private static final int LONGEST = 4096;

    private Secrets() {}

    /** From the terminal, without showing it, or all of standard input. */
    static String invitation() throws IOException {
        Optional<Console> terminal = terminal();
        if (terminal.isPresent()) {
            char[] typed = terminal.get().readPassword("Invitation (TIRL:...), not shown: ");
            return typed == null ? "" : new String(typed);
        }
        return new String(System.in.readNBytes(LONGEST), StandardCharsets.US_ASCII);
    }

    /**
     * A one-time code.
     *
     * @param fromInput from standard input, which is not the terminal perhaps; else from the terminal, whatever standard
     *     input is: for a proxy it is the connection
     */
    static OptionalInt code(boolean fromInput, String profile) throws IOException {
        if (!fromInput || terminal().isPresent()) {
            return number(askTerminal("One-time code for " + profile + ": "));
        }
        return number(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine());
    }

    private static Optional<Console> terminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }

    private static @Nullable String askTerminal(String prompt) throws IOException {
        try (var out = Files.newOutputStream(TERMINAL, StandardOpenOption.WRITE);
                BufferedReader in = Files.newBufferedReader(TERMINAL)) {
            out.write(prompt.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return in.readLine();
        } catch (IOException noTerminal) {
            throw new IOException(
                    "the server wants a one-time code, and there is no terminal to ask for it; give it on standard input: "
                            + "echo CODE | tirl open NAME --code",
                    noTerminal);
        }
    }

    private static OptionalInt number(@Nullable String text) throws IOException {
        String digits = text == null ? "" : text.replaceAll("\\s", "");
        if (!digits.matches("\\d{6,8}") || Integer.parseInt(digits) > Body.Target.LARGEST_CODE) {
            throw new IOException("that is no one-time code; it has 6 to 8 digits");
        }
        return OptionalInt.of(Integer.parseInt(digits));
    }
}

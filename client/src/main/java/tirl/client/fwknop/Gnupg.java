package tirl.client.fwknop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Encrypts by the user's own gpg, as the original does: only that has the user's agent, its dialogue and smart cards. Words and
 * secrets go to its standard input, where nobody else sees them.
 */
final class Gnupg {
    private final String program;
    private final Optional<Path> home;
    private final String recipient;
    private final Optional<String> signer;
    private final Unlocking unlocking;

    /** Where the pass-phrase of the key that signs comes from. */
    private sealed interface Unlocking {
        /** From us. */
        final class With implements Unlocking {
            private final byte[] passphrase;

            private With(byte[] passphrase) {
                this.passphrase = passphrase;
            }
        }

        /** From gpg-agent, which asks the user. */
        record ByAgent() implements Unlocking {}

        /** It has none, and nobody is to be asked. */
        record Without() implements Unlocking {}
    }

    private Gnupg(String program, Optional<Path> home, String recipient, Optional<String> signer, Unlocking unlocking) {
        this.program = program;
        this.home = home;
        this.recipient = recipient;
        this.signer = signer;
        this.unlocking = unlocking;
    }

    /** Finds both keys. */
    static Gnupg of(Values values, Optional<byte[]> passphrase) throws FwknopException {
        Optional<Path> home = values.get(Variable.GPG_HOMEDIR).map(Path::of);
        if (home.isPresent() && !Files.isDirectory(home.get())) {
            throw new FwknopException("there is no directory " + home.get() + "; --gpg-home-dir is that of your keys");
        }
        Unlocking unlocking = passphrase.isPresent()
                ? new Unlocking.With(passphrase.get())
                : values.isYes(Variable.USE_GPG_AGENT) ? new Unlocking.ByAgent() : new Unlocking.Without();
        Gnupg gnupg = new Gnupg(
                values.get(Variable.GPG_EXE, "gpg"),
                home,
                values.get(Variable.GPG_RECIPIENT)
                        .orElseThrow(() -> new FwknopException(
                                "say whose key to encrypt to, the server's: --gpg-recipient-key KEY")),
                values.get(Variable.GPG_SIGNER),
                unlocking);
        gnupg.one("--list-keys", gnupg.recipient, "--gpg-recipient-key");
        if (gnupg.signer.isPresent()) {
            gnupg.one("--list-secret-keys", gnupg.signer.get(), "--gpg-signer-key");
        }
        return gnupg;
    }

    /** gpg itself takes the first of several. */
    private void one(String list, String key, String option) throws FwknopException {
        Outcome listed = run(new byte[0], List.of("--with-colons", list, "--", key));
        long keys = new String(listed.output, StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith("pub:") || line.startsWith("sec:"))
                .count();
        if (keys == 0) {
            throw new FwknopException(option + ": gpg has no " + (list.contains("secret") ? "private key " : "key ")
                    + key + home.map(directory -> " in " + directory).orElse("") + "; " + program + " " + list
                    + " shows what it has");
        }
        if (keys > 1) {
            throw new FwknopException(
                    option + ": " + key + " is the name of " + keys + " keys; write the whole fingerprint");
        }
    }

    /** The message to the recipient, signed where there is a signer. */
    byte[] encrypt(byte[] plain) throws FwknopException {
        // Whatever gpg.conf says: a packet has room for one recipient, and none for armor.
        List<String> words = new ArrayList<>(List.of(
                "--no-armor", "--no-encrypt-to", "--no-auto-key-locate", "--trust-model", "always", "--encrypt"));
        words.addAll(List.of("--recipient", recipient));
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        if (signer.isPresent()) {
            words.addAll(List.of("--sign", "--local-user", signer.get()));
            switch (unlocking) {
                case Unlocking.With with -> {
                    words.addAll(List.of("--pinentry-mode", "loopback", "--passphrase-fd", "0"));
                    input.writeBytes(with.passphrase);
                    input.write('\n');
                }
                case Unlocking.ByAgent() -> {}
                case Unlocking.Without() -> words.addAll(List.of("--pinentry-mode", "error"));
            }
        }
        input.writeBytes(plain);
        Outcome outcome = run(input.toByteArray(), words);
        if (outcome.exit != 0 || outcome.output.length == 0) {
            throw new FwknopException("gpg did not encrypt: " + outcome.complaint());
        }
        return outcome.output;
    }

    private static final class Outcome {
        private final int exit;
        private final byte[] output;
        private final String errors;

        private Outcome(int exit, byte[] output, String errors) {
            this.exit = exit;
            this.output = output;
            this.errors = errors;
        }

        /** The first lines, as one. */
        String complaint() {
            List<String> lines =
                    errors.lines().filter(line -> !line.isBlank()).limit(3).toList();
            return lines.isEmpty() ? "it says nothing" : String.join("; ", lines);
        }
    }

    private Outcome run(byte[] input, List<String> words) throws FwknopException {
        List<String> command = new ArrayList<>(List.of(program, "--batch", "--yes", "--quiet", "--no-tty"));
        home.ifPresent(directory -> command.addAll(List.of("--homedir", directory.toString())));
        command.addAll(words);
        try {
            Process process = new ProcessBuilder(command).start();
            write(process, input);
            // What it complains of fits into a pipe, so one can be read after the other.
            byte[] output = process.getInputStream().readAllBytes();
            String complaint = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output, complaint);
        } catch (IOException e) {
            throw new FwknopException(
                    "GnuPG is not to be run (" + e.getMessage() + "); install it, or say where it is: --gpg-exe PATH");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FwknopException("interrupted");
        }
    }

    /** A gpg that gave up does not read; why is in what it wrote. */
    private static void write(Process process, byte[] input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException gaveUp) {
            // Its exit code and its words follow.
        }
    }

    /** Whether packets are to be made by it. */
    static boolean isWanted(Values values) {
        return values.isYes(Variable.USE_GPG);
    }

    /** The mode's name in rc files, which says nothing that USE_GPG does not. */
    static boolean isItsMode(String mode) {
        return mode.toLowerCase(Locale.ROOT).equals("asymmetric");
    }
}

package tirl.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tirl.client.fwknop.FwknopException;
import tirl.client.fwknop.RcFile;
import tirl.client.fwknop.Secret;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;

/** Where fwknop's client takes keys from: options, the rc file, key files, a descriptor, the terminal. */
final class FwknopKeys {
    /** What Java makes of octets that the locale does not know. */
    private static final char UNREADABLE = '\uFFFD';

    private final Values values = new Values();
    private final List<String> visible = new ArrayList<>();
    private boolean unreadable;

    @Option(names = "--stdin", description = "read the key from standard input, in the next line the HMAC key")
    private boolean stdin;

    @Option(names = "--fd", paramLabel = "N", description = "read the key from this file descriptor")
    private @Nullable Integer descriptor;

    @Option(names = "--key-rijndael", paramLabel = "KEY", description = "the key; everybody on this machine sees it")
    void keyRijndael(String key) {
        visible("--key-rijndael", Variable.KEY, key);
    }

    @Option(names = "--key-base64-rijndael", paramLabel = "KEY", description = "the same in base64")
    void keyBase64Rijndael(String key) {
        visible("--key-base64-rijndael", Variable.KEY_BASE64, key);
    }

    @Option(names = "--key-hmac", paramLabel = "KEY", description = "the HMAC key; everybody on this machine sees it")
    void keyHmac(String key) {
        visible("--key-hmac", Variable.HMAC_KEY, key);
    }

    @Option(names = "--key-base64-hmac", paramLabel = "KEY", description = "the same in base64")
    void keyBase64Hmac(String key) {
        visible("--key-base64-hmac", Variable.HMAC_KEY_BASE64, key);
    }

    @Option(
            names = {"-G", "--get-key"},
            paramLabel = "FILE",
            description = "take the key from this file: lines HOST: KEY")
    void getKey(String file) {
        values.set(Variable.KEY_FILE, file);
    }

    @Option(names = "--get-hmac-key", paramLabel = "FILE", description = "take the HMAC key from such a file")
    void getHmacKey(String file) {
        values.set(Variable.HMAC_KEY_FILE, file);
    }

    private void visible(String option, Variable variable, String key) {
        visible.add(option);
        unreadable |= key.indexOf(UNREADABLE) >= 0;
        values.set(variable, octets(key, Charset.forName(System.getProperty("native.encoding", "UTF-8"))));
    }

    /** A key is octets, one in each character, as everything in an rc file. */
    private static String octets(String text, Charset written) {
        return new String(text.getBytes(written), StandardCharsets.ISO_8859_1);
    }

    /** What was said, and nothing more. */
    Values values() {
        return values;
    }

    /** The options whose value anybody could read. */
    List<String> visible() {
        return visible;
    }

    /** The keys to use; asks for what nobody said. */
    Secret secret(Values all) throws IOException, FwknopException {
        if (unreadable) {
            throw new FwknopException(
                    "this locale does not have the letters of the key; use a UTF-8 locale, or the key in base64");
        }
        Asking asking = new Asking();
        Optional<byte[]> hmac = named(all, Variable.HMAC_KEY, Variable.HMAC_KEY_BASE64, Variable.HMAC_KEY_FILE);
        Optional<byte[]> cipher;
        if (all.isYes(Variable.USE_GPG)) {
            cipher = passphrase(all, asking);
        } else {
            cipher = named(all, Variable.KEY, Variable.KEY_BASE64, Variable.KEY_FILE);
            cipher = cipher.isPresent() ? cipher : Optional.of(asking.line("Enter encryption key: "));
        }
        if (hmac.isEmpty() && all.isYes(Variable.USE_HMAC)) {
            hmac = Optional.of(asking.line("Enter HMAC key: "));
        }
        return new Secret(cipher, hmac);
    }

    /** Of the key that signs. KEY is another word for it, as with fwknop. */
    private static Optional<byte[]> passphrase(Values all, Asking asking) throws IOException, FwknopException {
        if (all.get(Variable.GPG_SIGNER).isEmpty()
                || all.isYes(Variable.USE_GPG_AGENT)
                || all.isYes(Variable.GPG_NO_SIGNING_PW)) {
            return Optional.empty();
        }
        Optional<byte[]> own = named(all, Variable.GPG_SIGNING_PW, Variable.GPG_SIGNING_PW_BASE64, Variable.KEY_FILE);
        Optional<byte[]> words =
                own.isPresent() ? own : named(all, Variable.KEY, Variable.KEY_BASE64, Variable.KEY_FILE);
        return words.isPresent() ? words : Optional.of(asking.line("Enter passphrase for signing: "));
    }

    private static Optional<byte[]> named(Values all, Variable plain, Variable base64, Variable file)
            throws IOException, FwknopException {
        Optional<String> text = all.get(plain);
        if (text.isPresent()) {
            return Optional.of(Secret.bytes(plain.name(), text.get(), false));
        }
        Optional<String> encoded = all.get(base64);
        if (encoded.isPresent()) {
            return Optional.of(Secret.bytes(base64.name(), encoded.get(), true));
        }
        Optional<String> path = all.get(file);
        return path.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        ofFile(Path.of(path.get()), all.get(Variable.SPA_SERVER).orElse("")));
    }

    /** The file has a line for each server: its name, a colon, the key. */
    private static byte[] ofFile(Path file, String server) throws IOException, FwknopException {
        String key = RcFile.read(file)
                .lines()
                .filter(line -> line.startsWith(server + ":"))
                .map(line -> line.substring(server.length() + 1).strip())
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElseThrow(() -> new FwknopException(file + " has no line \"" + server + ": KEY\""));
        return Secret.bytes(file.toString(), key, false);
    }

    /** One reader for both keys. */
    private final class Asking {
        private @Nullable BufferedReader input;

        byte[] line(String prompt) throws IOException, FwknopException {
            String typed;
            Optional<Console> console = Optional.ofNullable(System.console()).filter(Console::isTerminal);
            if (stdin || descriptor != null) {
                typed = input().readLine();
            } else if (console.isPresent()) {
                char[] password = console.get().readPassword("%s", prompt);
                typed = password == null
                        ? null
                        : octets(new String(password), console.get().charset());
            } else {
                throw new FwknopException(
                        "there is no key, and no terminal to ask for it; write KEY_BASE64 and HMAC_KEY_BASE64 into the"
                                + " rc file (--key-gen makes them), or give it on standard input: --stdin. A key of"
                                + " GnuPG's may have its pass-phrase with --gpg-agent, or none: --gpg-no-signing-pw");
            }
            if (typed == null || typed.isEmpty()) {
                throw new FwknopException("there is no key: the input ended");
            }
            return Secret.bytes("the key", typed, false);
        }

        private BufferedReader input() throws IOException {
            if (input == null) {
                int number = descriptor == null ? 0 : descriptor;
                input = new BufferedReader(new InputStreamReader(
                        number == 0 ? System.in : Files.newInputStream(Path.of("/proc/self/fd/" + number)),
                        StandardCharsets.ISO_8859_1));
            }
            return input;
        }
    }
}

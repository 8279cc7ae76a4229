package tirl.daemon.spa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import tirl.daemon.trial.AtomicFile;
import tirl.linux.crypto.QuickX25519;
import tirl.spa.X25519PrivateKey;

/**
 * The server's key in a file of the state directory. Every device knows its public half, so it is made once and never
 * replaced by itself.
 */
final class ServerKey {
    static final String NAME = "spa.key";

    private static final String WHAT = "tirl-spa-key-1 ";
    private static final String REMEDY =
            "put it back from a backup; without it every device has to be invited anew: then move ";

    private ServerKey() {}

    /**
     * Reads the key, or makes it.
     *
     * @param known the public key that devices have been enrolled with; empty when there was none yet
     * @param random fills with bytes of a cryptographic generator
     */
    static X25519PrivateKey open(Path directory, Optional<String> known, Consumer<byte[]> random) throws SpaException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            if (known.isPresent()) {
                throw new SpaException(file + " is gone, and devices are enrolled with it: " + REMEDY
                        + directory.resolve("tirl.db") + " away too");
            }
            make(directory, file, random);
        }
        X25519PrivateKey key = parse(file, PrivateFiles.read(file));
        if (known.isPresent() && !known.get().equals(key.publicKey().toString())) {
            key.wipe();
            throw new SpaException(file + " is not the key that the devices in " + directory.resolve("tirl.db")
                    + " are enrolled with: " + REMEDY + directory.resolve("tirl.db") + " away");
        }
        return key;
    }

    private static void make(Path directory, Path file, Consumer<byte[]> random) throws SpaException {
        byte[] bytes = new byte[X25519PrivateKey.LENGTH];
        random.accept(bytes);
        X25519PrivateKey key = new X25519PrivateKey(bytes);
        try {
            AtomicFile.makeDirectory(directory);
            AtomicFile.write(
                    file,
                    WHAT + HexFormat.of().formatHex(bytes) + " " + key.publicKey() + "\n"
                            + "# The private and the public key of this host for tirl SPA. Devices know the public one: keep a\n"
                            + "# copy in a safe place. Whoever reads the private one can read and forge their packets.\n");
        } catch (IOException e) {
            throw new SpaException(
                    file + ": the server's key cannot be written (" + PrivateFiles.reason(e)
                            + "); make its directory writable",
                    e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            key.wipe();
        }
    }

    /** The public half is there so that damage shows at once, and not as devices that nobody hears. */
    private static X25519PrivateKey parse(Path file, String text) throws SpaException {
        String[] words = text.lines().findFirst().orElse("").split(" ", -1);
        if (words.length == 3 && WHAT.equals(words[0] + " ") && words[1].length() == 2 * X25519PrivateKey.LENGTH) {
            try {
                // Every packet costs an agreement with this key, so it is computed by what is quickest.
                X25519PrivateKey key = new X25519PrivateKey(HexFormat.of().parseHex(words[1]), QuickX25519::of);
                if (key.publicKey().toString().equals(words[2])) {
                    return key;
                }
                key.wipe();
            } catch (IllegalArgumentException notHex) {
                // As damaged as a key that does not fit.
            }
        }
        throw new SpaException(file + " is damaged: " + REMEDY + "it and tirl.db away");
    }
}

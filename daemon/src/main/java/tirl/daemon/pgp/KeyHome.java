package tirl.daemon.pgp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;

/**
 * A directory with keys: gpg's own ({@code pubring.kbx}, {@code private-keys-v1.d}), those of gpg 1 ({@code pubring.gpg},
 * {@code secring.gpg}), and what was exported for tirl ({@code tirl-public.gpg}, {@code tirl-secret.gpg}, armored or not).
 */
final class KeyHome {
    private static final List<String> RINGS =
            List.of("pubring.gpg", "secring.gpg", "tirl-public.gpg", "tirl-secret.gpg");
    private static final long LARGEST_RING = 64L << 20;
    private static final long LARGEST_KEY = 64L << 10;
    private static final int MOST_KEYS = 2000;
    private static final String ARMOR = "-----BEGIN PGP ";

    private final Path directory;
    private final Map<Long, PGPPublicKeyRing> rings = new LinkedHashMap<>();
    private final List<PGPSecretKey> secrets = new ArrayList<>();
    private final List<AgentKey> agentKeys = new ArrayList<>();

    private KeyHome(Path directory) {
        this.directory = directory;
    }

    /** Reads all that is there. */
    static KeyHome read(Path directory) throws KeyRingException {
        if (!Files.isDirectory(directory)) {
            throw new KeyRingException(directory + " is no directory; set GPG_HOME_DIR to that of the server's keys");
        }
        KeyHome home = new KeyHome(directory);
        Path keybox = directory.resolve("pubring.kbx");
        if (Files.exists(keybox)) {
            home.take(keybox, KeyHome::keybox);
        }
        for (String name : RINGS) {
            if (Files.exists(directory.resolve(name))) {
                home.take(directory.resolve(name), KeyHome::blocks);
            }
        }
        home.takeAgentKeys();
        if (home.rings.isEmpty()) {
            throw new KeyRingException("no keys in " + directory + " that can be read; run " + home.exportCommand(""));
        }
        return home;
    }

    List<Certificate> certificates() {
        return rings.values().stream().map(Certificate::new).toList();
    }

    /** A key with its private part. */
    PGPKeyPair unlock(PGPPublicKey key, Optional<byte[]> passphrase) throws KeyRingException {
        try {
            for (PGPSecretKey secret : secrets) {
                if (Arrays.equals(secret.getPublicKey().getFingerprint(), key.getFingerprint())) {
                    return new PGPKeyPair(key, SecretKeys.unlock(secret, passphrase));
                }
            }
            for (AgentKey secret : agentKeys) {
                if (secret.belongsTo(key)) {
                    return new PGPKeyPair(key, secret.unlock(key, passphrase));
                }
            }
        } catch (KeyRingException e) {
            throw new KeyRingException(
                    "key " + KeyName.fingerprint(key) + " in " + directory + ": " + e.getMessage(), e);
        }
        throw new KeyRingException("key " + KeyName.fingerprint(key) + " has no private part in " + directory + "; run "
                + exportCommand(KeyName.fingerprint(key)));
    }

    /** What puts keys where tirl reads them, whatever gpg's own form is. */
    private String exportCommand(String id) {
        String gpg = "gpg --homedir " + directory;
        return "umask 077; " + gpg + " --export > " + directory + "/tirl-public.gpg; " + gpg + " --export-secret-keys "
                + id + " > " + directory + "/tirl-secret.gpg";
    }

    private interface Blocks {
        List<byte[]> of(byte[] file) throws IOException;
    }

    private void take(Path file, Blocks blocks) throws KeyRingException {
        try {
            if (Files.size(file) > LARGEST_RING) {
                throw new IOException("longer than " + (LARGEST_RING >> 20) + " MB");
            }
            for (byte[] block : blocks.of(Files.readAllBytes(file))) {
                takeRings(block);
            }
        } catch (IOException | PGPException | RuntimeException e) {
            throw new KeyRingException(
                    file + " cannot be read (" + e.getMessage() + "); move it away and run " + exportCommand(""), e);
        }
    }

    private void takeRings(byte[] block) throws PGPException {
        for (Object object : new BcPGPObjectFactory(block)) {
            switch (object) {
                case PGPPublicKeyRing ring -> add(ring);
                case PGPSecretKeyRing ring -> {
                    List<PGPPublicKey> keys = new ArrayList<>();
                    for (Iterator<PGPSecretKey> all = ring.getSecretKeys(); all.hasNext(); ) {
                        PGPSecretKey secret = all.next();
                        secrets.add(secret);
                        keys.add(secret.getPublicKey());
                    }
                    add(new PGPPublicKeyRing(keys));
                }
                default -> {
                    // Markers and trust: not ours.
                }
            }
        }
    }

    /** A key that is in two files: what either knows, such as a revocation, counts. */
    private void add(PGPPublicKeyRing ring) throws PGPException {
        long id = ring.getPublicKey().getKeyID();
        PGPPublicKeyRing known = rings.get(id);
        rings.put(id, known == null ? ring : PGPPublicKeyRing.join(known, ring));
    }

    /** Length in four octets, type, version, flags in two, start and length of the OpenPGP data. */
    private static List<byte[]> keybox(byte[] file) throws IOException {
        List<byte[]> found = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(file);
        int at = 0;
        while (at < file.length) {
            if (file.length - at < 16) {
                throw new IOException("it ends too soon");
            }
            int length = buffer.getInt(at);
            int start = buffer.getInt(at + 8);
            int size = buffer.getInt(at + 12);
            if (length < 16 || length > file.length - at) {
                throw new IOException("a part of it has a wrong length");
            }
            if (file[at + 4] == 2) {
                if (start < 16 || start > length || size < 0 || size > length - start) {
                    throw new IOException("a key in it has a wrong length");
                }
                found.add(Arrays.copyOfRange(file, at + start, at + start + size));
            }
            at += length;
        }
        return found;
    }

    /** Binary, or one armored block after the other. */
    private static List<byte[]> blocks(byte[] file) throws IOException {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        int start = text.indexOf(ARMOR);
        if (file.length == 0 || file[0] < 0 || start < 0) {
            return List.of(file);
        }
        List<byte[]> found = new ArrayList<>();
        while (start >= 0) {
            int next = text.indexOf(ARMOR, start + 1);
            String block = text.substring(start, next < 0 ? text.length() : next);
            try (InputStream armored =
                    new ArmoredInputStream(new ByteArrayInputStream(block.getBytes(StandardCharsets.ISO_8859_1)))) {
                found.add(armored.readAllBytes());
            }
            start = next;
        }
        return found;
    }

    private void takeAgentKeys() throws KeyRingException {
        Path folder = directory.resolve("private-keys-v1.d");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.key")) {
            for (Path file : files) {
                if (Files.size(file) > LARGEST_KEY || agentKeys.size() == MOST_KEYS) {
                    throw new KeyRingException(folder + " has more or longer keys than are read");
                }
                try {
                    agentKeys.add(AgentKey.read(Files.readAllBytes(file)));
                } catch (IOException unreadable) {
                    // One that nobody may ask for; if it is the server's, it is said to be missing, with the remedy.
                }
            }
        } catch (IOException e) {
            throw new KeyRingException(folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}

package tirl.daemon.pgp;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.fwknop.OpenPgpMessage;
import tirl.fwknop.access.Gpg;
import tirl.fwknop.gate.OpenPgp;

/**
 * Decrypts the messages of stanzas with GPG_ variables. All keys are read and unlocked once, by {@link #load}; a key that is
 * imported or revoked later counts after the next load. Used by one thread.
 */
public final class GnupgDecryption implements OpenPgp {
    private final Map<Gpg, StanzaKeyRing> keys;
    private final InstantSource clock;

    private GnupgDecryption(Map<Gpg, StanzaKeyRing> keys, InstantSource clock) {
        this.keys = Map.copyOf(keys);
        this.clock = clock;
    }

    /**
     * Reads the key rings of these stanzas. Takes time where keys have pass-phrases: as long as gpg-agent wants it to.
     *
     * @param defaultHome for stanzas without GPG_HOME_DIR; fwknopd.conf's GPG_HOME_DIR, or /root/.gnupg
     */
    public static GnupgDecryption load(Collection<Gpg> stanzas, Path defaultHome, InstantSource clock)
            throws KeyRingException {
        Map<Path, KeyHome> homes = new HashMap<>();
        Map<Gpg, StanzaKeyRing> keys = new HashMap<>();
        for (Gpg gpg : stanzas) {
            Path directory = gpg.home().map(Path::of).orElse(defaultHome);
            KeyHome home = homes.get(directory);
            if (home == null) {
                home = KeyHome.read(directory);
                homes.put(directory, home);
            }
            if (!keys.containsKey(gpg)) {
                keys.put(gpg, StanzaKeyRing.of(home, gpg, clock.instant()));
            }
        }
        return new GnupgDecryption(keys, clock);
    }

    /** For the log: keys that are named and cannot be used. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        keys.values().forEach(ring -> notes.addAll(ring.notes()));
        return notes.stream().distinct().sorted().toList();
    }

    @Override
    public Optional<byte[]> decrypt(OpenPgpMessage message, Gpg gpg) {
        return switch (open(message.bytes(), gpg)) {
            case PgpOutcome.Opened opened -> Optional.of(opened.text());
            case PgpOutcome.Refused _ -> Optional.empty();
        };
    }

    /** The same, with the reason. */
    public PgpOutcome open(byte[] message, Gpg gpg) {
        StanzaKeyRing ring = keys.get(gpg);
        if (ring == null) {
            return new PgpOutcome.Refused(PgpRefusal.STANZA);
        }
        try {
            SignedText text = SignedText.read(Encrypted.read(message).decrypt(ring));
            if (gpg.requireSignature()) {
                SignatureCheck.check(text, ring, gpg.ignoreBadSignature(), clock.instant());
            }
            return new PgpOutcome.Opened(text.text());
        } catch (RefusedMessage e) {
            return new PgpOutcome.Refused(e.why());
        }
    }
}

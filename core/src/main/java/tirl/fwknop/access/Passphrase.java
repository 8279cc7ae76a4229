package tirl.fwknop.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/** Unlocks an OpenPGP key. */
public final class Passphrase {
    private final byte[] octets;

    Passphrase(String octets) {
        this.octets = octets.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** As it stands in the file. */
    public byte[] octets() {
        return octets.clone();
    }

    /** So that stanzas with the same key decrypt a message once. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Passphrase that && MessageDigest.isEqual(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "a pass-phrase";
    }
}

package tirl.fwknop.access;

import java.nio.charset.StandardCharsets;

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

    /** Without the secret. */
    @Override
    public String toString() {
        return "a pass-phrase";
    }
}

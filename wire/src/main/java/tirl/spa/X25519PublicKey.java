package tirl.spa;

import java.util.Arrays;
import java.util.HexFormat;

/** A public key of X25519 (RFC 7748): any 32 bytes. Useless ones show when a key is agreed on. */
public final class X25519PublicKey {
    /** How many bytes it has. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    public X25519PublicKey(byte[] bytes) {
        this.bytes = Bytes.exactly(LENGTH, bytes);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof X25519PublicKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}

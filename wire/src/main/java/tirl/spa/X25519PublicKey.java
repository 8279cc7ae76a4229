package tirl.spa;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
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

    PublicKey toJdk() throws GeneralSecurityException {
        byte[] bigEndian = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bigEndian[i] = bytes[LENGTH - 1 - i];
        }
        bigEndian[0] &= 0x7f; // RFC 7748 section 5: the top bit is ignored
        return KeyFactory.getInstance("X25519")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
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

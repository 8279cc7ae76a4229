package tirl.spa;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A public key of X25519 (RFC 7748): any 32 bytes. With some nothing secret can be agreed on. */
public final class X25519PublicKey {
    /** How many bytes it has. */
    public static final int LENGTH = 32;

    /**
     * The points of small order on the curve and on its twist, and the coordinates not below the prime that mean one of them: 0, 1,
     * two of order 8, p - 1, p, p + 1.
     */
    private static final Set<X25519PublicKey> SMALL_ORDER = Stream.of(
                    "0000000000000000000000000000000000000000000000000000000000000000",
                    "0100000000000000000000000000000000000000000000000000000000000000",
                    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
            .map(hex -> new X25519PublicKey(HexFormat.of().parseHex(hex)))
            .collect(Collectors.toUnmodifiableSet());

    private final byte[] bytes;

    public X25519PublicKey(byte[] bytes) {
        this.bytes = Bytes.exactly(LENGTH, bytes);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether nobody can agree on anything with it (RFC 7748 section 6.1), found without an agreement. */
    public boolean isOfSmallOrder() {
        byte[] coordinate = bytes.clone();
        coordinate[LENGTH - 1] &= 0x7f; // section 5: the top bit is ignored
        return SMALL_ORDER.contains(new X25519PublicKey(coordinate));
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

package tirl.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class X25519PublicKeyTest {
    private static final BigInteger PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    private final Random random = new Random(42);
    private final X25519PrivateKey mine = new X25519PrivateKey(bytes(X25519PrivateKey.LENGTH));

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] littleEndian(BigInteger coordinate) {
        byte[] bytes = new byte[X25519PublicKey.LENGTH];
        IntStream.range(0, bytes.length)
                .forEach(i -> bytes[i] = coordinate.shiftRight(8 * i).byteValue());
        return bytes;
    }

    /** As numbers, not as the octets that are looked for; agreeing itself says whether they are right. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "325606250916557431795983626356110631294008115727848805560023387167927233504",
                "39382357235489614581723060781553021112529911719440698176882885853963445705823",
                "p-1",
                "p",
                "p+1"
            })
    void isOfSmallOrder_pointThatNobodyCanAgreeWith_withAndWithoutTheTopBit(String coordinate) {
        BigInteger u = coordinate.startsWith("p")
                ? PRIME.add(new BigInteger(coordinate.length() == 1 ? "0" : coordinate.substring(1)))
                : new BigInteger(coordinate);
        byte[] plain = littleEndian(u);
        byte[] withTopBit = plain.clone();
        withTopBit[31] |= (byte) 0x80;
        for (byte[] octets : new byte[][] {plain, withTopBit}) {
            X25519PublicKey key = new X25519PublicKey(octets);
            assertThat(mine.agree(key)).isEmpty();
            assertThat(key.isOfSmallOrder()).isTrue();
        }
    }

    @Test
    void isOfSmallOrder_anyOtherKey_isNot() {
        byte[] two = new byte[X25519PublicKey.LENGTH];
        two[0] = 2;
        assertThat(new X25519PublicKey(two).isOfSmallOrder()).isFalse();
        for (int i = 0; i < 200; i++) {
            X25519PublicKey key = new X25519PublicKey(bytes(X25519PublicKey.LENGTH));
            assertThat(key.isOfSmallOrder()).isEqualTo(mine.agree(key).isEmpty());
        }
    }
}

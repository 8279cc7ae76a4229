package tirl.linux.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tirl.spa.DiffieHellman;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/** Both ways to compute, side by side: a host must not notice which one it has, but for the time. */
class X25519Test {
    static final List<DiffieHellman.Maker> MAKERS = List.of(DiffieHellman.Maker.jdk(), X25519Test::libcrypto);
    /** RFC 7748, sections 5.2 and 6.1: scalar, coordinate, result. */
    private static final List<List<String>> VECTORS = List.of(
            List.of(
                    "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                    "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
                    "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"),
            List.of(
                    "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                    "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
                    "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"),
            List.of(
                    "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
                    "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
                    "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"));
    /** All points of small order on the curve and its twist, and the coordinates not below the prime that mean the same. */
    private static final List<String> SMALL_ORDER = List.of(
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

    private final Random random = new Random(35);

    private static DiffieHellman libcrypto(byte[] key) {
        return LibcryptoX25519.of(key).orElseThrow();
    }

    private byte[] bytes() {
        byte[] bytes = new byte[X25519PrivateKey.LENGTH];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String agree(DiffieHellman key, byte[] other) {
        return key.agree(new X25519PublicKey(other))
                .map(HexFormat.of()::formatHex)
                .orElse("refused");
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @ParameterizedTest
    @FieldSource("MAKERS")
    void vectorsOfRfc7748_areMet(DiffieHellman.Maker maker) {
        for (List<String> vector : VECTORS) {
            assertThat(agree(maker.of(hex(vector.get(0))), hex(vector.get(1)))).isEqualTo(vector.get(2));
        }
    }

    @ParameterizedTest
    @FieldSource("MAKERS")
    void aThousandKeys_eachMadeOfTheOneBefore_endAsRfc7748Says(DiffieHellman.Maker maker) {
        byte[] k = new byte[32];
        k[0] = 9;
        byte[] u = k;
        for (int i = 0; i < 1000; i++) {
            DiffieHellman key = maker.of(k);
            byte[] next = hex(agree(key, u));
            key.wipe();
            u = k;
            k = next;
        }
        assertThat(k)
                .asHexString()
                .isEqualToIgnoringCase("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
    }

    @ParameterizedTest
    @FieldSource("MAKERS")
    void pointsOfSmallOrder_areRefused_andTheNextIsNot(DiffieHellman.Maker maker) {
        DiffieHellman key = maker.of(hex(VECTORS.getFirst().get(0)));
        for (String point : SMALL_ORDER) {
            byte[] coordinate = hex(point);
            assertThat(agree(key, coordinate)).as(point).isEqualTo("refused");
            coordinate[31] ^= (byte) 0x80; // the bit that is ignored
            assertThat(agree(key, coordinate)).as(point).isEqualTo("refused");
            assertThat(agree(key, hex(VECTORS.getFirst().get(1))))
                    .isEqualTo(VECTORS.getFirst().get(2));
        }
    }

    @ParameterizedTest
    @FieldSource("MAKERS")
    void keyThatWasWiped_agreesWithNobody(DiffieHellman.Maker maker) {
        DiffieHellman key = maker.of(bytes());
        byte[] other = bytes();
        assertThat(agree(key, other)).isNotEqualTo("refused");
        key.wipe();
        key.wipe();
        assertThat(agree(key, other)).isEqualTo("refused");
    }

    @Test
    void bothWays_agreeAlike_withWhateverComes() {
        for (int i = 0; i < 60; i++) {
            byte[] scalar = bytes();
            DiffieHellman java = DiffieHellman.Maker.jdk().of(scalar);
            DiffieHellman quick = libcrypto(scalar);
            for (int j = 0; j < 8; j++) {
                byte[] point = bytes();
                assertThat(agree(quick, point))
                        .as(HexFormat.of().formatHex(point))
                        .isEqualTo(agree(java, point));
            }
            quick.wipe();
        }
    }

    /** 2^255 - 19 and above, up to all ones: the same as what is left of them. */
    @Test
    void coordinatesNotBelowThePrime_areTakenAlike() {
        byte[] scalar = bytes();
        DiffieHellman java = DiffieHellman.Maker.jdk().of(scalar);
        DiffieHellman quick = libcrypto(scalar);
        for (int low = 0xed; low <= 0xff; low++) {
            byte[] point = hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
            point[0] = (byte) low;
            assertThat(agree(quick, point)).as("..%x", low).isEqualTo(agree(java, point));
        }
    }

    @Test
    void theServersKey_isTheSameKey_byBothWays() {
        byte[] scalar = bytes();
        assertThat(new X25519PrivateKey(scalar, QuickX25519::of).publicKey())
                .isEqualTo(new X25519PrivateKey(scalar).publicKey());
    }

    @Test
    void quickest_isLibcrypto_whereItIs() {
        assertThat(QuickX25519.by()).matches("OpenSSL 3\\.[0-9]+\\.[0-9]+.*");
        assertThat(QuickX25519.of(bytes())).isInstanceOf(LibcryptoX25519.class);
    }

    @Test
    void libraryThatIsNotThere_orIsAnotherOne_isNone() {
        assertThat(Libcrypto.load("libcrypto-of-nobody.so.3")).isEmpty();
        assertThat(Libcrypto.load("libc.so.6")).isEmpty();
        assertThat(Libcrypto.load(Libcrypto.NAME)).isPresent();
    }
}

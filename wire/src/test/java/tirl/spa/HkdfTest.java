package tirl.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HkdfTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /** RFC 5869, appendix A.1 to A.3. */
    @Test
    void vectorsOfRfc5869_areMet() {
        byte[] prk = Hkdf.extract(hex("000102030405060708090a0b0c"), hex("0b".repeat(22)));
        assertThat(prk).isEqualTo(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
        assertThat(Hkdf.expand(prk, hex("f0f1f2f3f4f5f6f7f8f9"), 42))
                .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"));
        byte[] unsalted = Hkdf.extract(hex(""), hex("0b".repeat(22)));
        assertThat(unsalted).isEqualTo(hex("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"));
        assertThat(Hkdf.expand(unsalted, hex(""), 42))
                .isEqualTo(hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"));
    }

    @Test
    void anyLengths_areAsTheJdkHasThem() throws Exception {
        Random random = new Random(5869);
        for (int length = 1; length <= 100; length++) {
            byte[] salt = new byte[random.nextInt(1, 100)];
            byte[] ikm = new byte[random.nextInt(1, 200)];
            byte[] info = new byte[random.nextInt(100)];
            random.nextBytes(salt);
            random.nextBytes(ikm);
            random.nextBytes(info);
            byte[] prk = Hkdf.extract(salt, ikm);
            KDF jdk = KDF.getInstance("HKDF-SHA256");
            assertThat(prk)
                    .isEqualTo(jdk.deriveData(HKDFParameterSpec.ofExtract()
                            .addSalt(salt)
                            .addIKM(ikm)
                            .extractOnly()));
            assertThat(Hkdf.expand(prk, info, length))
                    .isEqualTo(
                            jdk.deriveData(HKDFParameterSpec.expandOnly(new SecretKeySpec(prk, "HKDF"), info, length)));
        }
    }
}

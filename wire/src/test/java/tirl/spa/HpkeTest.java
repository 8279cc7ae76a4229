package tirl.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import javax.crypto.KEM;
import org.junit.jupiter.api.Test;

/** Against the published vectors. */
class HpkeTest {
    private static final HexFormat HEX = HexFormat.of();

    /** RFC 9180 appendix A.2.2: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, mode_psk. */
    @Test
    void pskMode_isThatOfRfc9180() {
        byte[] enc = hex("2261299c3f40a9afc133b969a97f05e95be2c514e54f3de26cbe5644ac735b04");
        X25519PrivateKey ephemeral =
                new X25519PrivateKey(hex("0c35fdf49df7aa01cd330049332c40411ebba36e0c718ebc3edf5845795f6321"));
        X25519PrivateKey recipient =
                new X25519PrivateKey(hex("77d114e0212be51cb1d76fa99dd41cfd4d0166b08caa09074430a6c59ef17879"));
        assertThat(ephemeral.publicKey().bytes()).isEqualTo(enc);
        assertThat(recipient.publicKey().bytes())
                .isEqualTo(hex("13640af826b722fc04feaa4de2f28fbd5ecc03623b317834e7ff4120dbe73062"));

        byte[] secret = Hpke.dhkem(
                recipient.agree(new X25519PublicKey(enc)).orElseThrow(),
                enc,
                recipient.publicKey().bytes());
        assertThat(secret).isEqualTo(hex("4be079c5e77779d0215b3f689595d59e3e9b0455d55662d1f3666ec606e50ea7"));

        Hpke.Context context = Hpke.pskContext(
                Hpke.DHKEM_X25519,
                secret,
                Hpke.keyScheduleContext(
                        Hpke.DHKEM_X25519,
                        hex("4f6465206f6e2061204772656369616e2055726e"),
                        hex("456e6e796e20447572696e206172616e204d6f726961")),
                hex("0247fd33b913760fa1fa51e1892d9f307fbe65eb171e8132c2af18555a738b82"));
        assertThat(context.key).isEqualTo(hex("600d2fdb0313a7e5c86a9ce9221cd95bed069862421744cfb4ab9d7203a9c019"));
        assertThat(context.nonce).isEqualTo(hex("112e0465562045b7368653e7"));
        assertThat(context.exporterSecret)
                .isEqualTo(hex("73b506dc8b6b4269027f80b0362def5cbb57ee50eed0c2873dac9181f453c5ac"));
        assertThat(context.export(new byte[0], 32))
                .isEqualTo(hex("813c1bfc516c99076ae0f466671f0ba5ff244a41699f7b2417e4c59d46d39f40"));

        byte[] plain = hex("4265617574792069732074727574682c20747275746820626561757479");
        byte[] sealed = ChaCha.seal(context.key, context.nonce, hex("436f756e742d30"), plain);
        assertThat(sealed)
                .isEqualTo(hex(
                        "4a177f9c0d6f15cfdf533fb65bf84aecdc6ab16b8b85b4cf65a370e07fc1d78d28fb073214525276f4a89608ff"));
    }

    /**
     * The first vector of draft-connolly-cfrg-xwing-kem-08, appendix C. The key pair's ML-KEM seed and X25519 key are
     * SHAKE256 of its 32-byte seed 7f9c...ef26.
     */
    @Test
    void combiner_isThatOfXWing() {
        KemSeed seed = new KemSeed(hex(SHAKE.substring(0, 128)));
        X25519PrivateKey recipient = new X25519PrivateKey(hex(SHAKE.substring(128)));
        X25519PrivateKey ephemeral =
                new X25519PrivateKey(hex("35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2"));

        KEM.Encapsulated encapsulated =
                seed.publicKey().encapsulate(hex("3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"));
        byte[] secret = Hpke.xWing(
                encapsulated.key().getEncoded(),
                ephemeral.agree(recipient.publicKey()).orElseThrow(),
                ephemeral.publicKey().bytes(),
                recipient.publicKey().bytes());

        assertThat(HEX.formatHex(seed.publicKey().bytes())).startsWith("e2236b35a8c24b39b10aa1323a96a919");
        assertThat(HEX.formatHex(encapsulated.encapsulation())).startsWith("b83aa828d4d62b9a83ceffe1d3d3bb1e");
        assertThat(secret).isEqualTo(hex("d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384"));
        assertThat(seed.decapsulate(encapsulated.encapsulation()))
                .contains(encapsulated.key().getEncoded());
    }

    private static final String SHAKE =
            "c44829d2b269887f6150dfaee5a25a704cbc607e57d18a2ffc8734633333cff0f0fc6fa4e4827531168087ef223e9b070c5a78a789fd46d4c604d69b1139d4dacd3f2cce66ed130e5e73a0ebd454e15488885a2a1544252a20e0f58b6e8fc27b";

    private static byte[] hex(String text) {
        return HEX.parseHex(text);
    }
}

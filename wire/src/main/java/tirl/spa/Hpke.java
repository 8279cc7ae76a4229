package tirl.spa;

import java.nio.ByteBuffer;

/** The key schedule of RFC 9180 in mode_psk with HKDF-SHA256 and ChaCha20-Poly1305, and DHKEM's derivation. */
final class Hpke {
    static final int DHKEM_X25519 = 0x0020;
    static final int X_WING = 0x647a;

    private static final int HKDF_SHA256 = 0x0001;
    private static final int CHACHA20_POLY1305 = 0x0003;
    private static final byte MODE_PSK = 1;
    private static final byte[] NONE = {};
    private static final byte[] VERSION = Bytes.ascii("HPKE-v1");

    private Hpke() {}

    /** What one packet is sealed with. */
    static final class Context {
        final byte[] key;
        final byte[] nonce;
        final byte[] exporterSecret;
        private final byte[] suite;

        private Context(byte[] suite, byte[] key, byte[] nonce, byte[] exporterSecret) {
            this.suite = suite;
            this.key = key;
            this.nonce = nonce;
            this.exporterSecret = exporterSecret;
        }

        /** RFC 9180 section 5.3. */
        byte[] export(byte[] context, int length) {
            return labeledExpand(suite, exporterSecret, "sec", context, length);
        }

        void wipe() {
            Bytes.wipe(key, nonce, exporterSecret);
        }
    }

    /**
     * RFC 9180 section 5.1.
     *
     * @param kem the identifier of the KEM that the shared secret came from
     * @param schedule {@link #keyScheduleContext} for the same KEM
     */
    static Context pskContext(int kem, byte[] sharedSecret, byte[] schedule, byte[] psk) {
        byte[] suite = suite(kem);
        byte[] secret = labeledExtract(suite, sharedSecret, "secret", psk);
        Context result = new Context(
                suite,
                labeledExpand(suite, secret, "key", schedule, 32),
                labeledExpand(suite, secret, "base_nonce", schedule, 12),
                labeledExpand(suite, secret, "exp", schedule, 32));
        Bytes.wipe(secret);
        return result;
    }

    /** What two parties agreed on beforehand: the same for all their packets. */
    static byte[] keyScheduleContext(int kem, byte[] info, byte[] pskId) {
        byte[] suite = suite(kem);
        return Bytes.join(
                new byte[] {MODE_PSK},
                labeledExtract(suite, NONE, "psk_id_hash", pskId),
                labeledExtract(suite, NONE, "info_hash", info));
    }

    private static byte[] suite(int kem) {
        return Bytes.join(Bytes.ascii("HPKE"), u16(kem), u16(HKDF_SHA256), u16(CHACHA20_POLY1305));
    }

    /** ExtractAndExpand of RFC 9180 section 4.1. */
    static byte[] dhkem(byte[] dh, byte[] enc, byte[] recipient) {
        byte[] suite = Bytes.join(Bytes.ascii("KEM"), u16(DHKEM_X25519));
        byte[] prk = labeledExtract(suite, NONE, "eae_prk", dh);
        byte[] secret = labeledExpand(suite, prk, "shared_secret", Bytes.join(enc, recipient), 32);
        Bytes.wipe(prk);
        return secret;
    }

    /** X-Wing's combiner (draft-connolly-cfrg-xwing-kem section 5.3). */
    static byte[] xWing(byte[] mlKemSecret, byte[] dh, byte[] enc, byte[] recipient) {
        return Bytes.digest("SHA3-256", mlKemSecret, dh, enc, recipient, Bytes.ascii("\\.//^\\"));
    }

    private static byte[] labeledExtract(byte[] suite, byte[] salt, String label, byte[] ikm) {
        byte[] labeled = Bytes.join(VERSION, suite, Bytes.ascii(label), ikm);
        byte[] prk = Hkdf.extract(salt, labeled);
        Bytes.wipe(labeled);
        return prk;
    }

    private static byte[] labeledExpand(byte[] suite, byte[] prk, String label, byte[] info, int length) {
        return Hkdf.expand(prk, Bytes.join(u16(length), VERSION, suite, Bytes.ascii(label), info), length);
    }

    private static byte[] u16(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }
}

package tirl.spa;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KEM;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tirl.packet.Address;

/**
 * Computes a packet a second time, from docs/protocol/spa-v1.md alone: of the product it uses nothing but the text form
 * of addresses, and HKDF is written out over HMAC. Slow and plain on purpose.
 */
final class SecondLook {
    private static final String V = "tirl-spa-v1 ";
    private static final HexFormat HEX = HexFormat.of();

    private final Map<String, String> in;
    private final Map<String, String> out;

    private SecondLook(Map<String, String> in) {
        this.in = in;
        out = new LinkedHashMap<>(in);
    }

    /** The inputs with every intermediate value and the packet added. */
    static Map<String, String> at(Map<String, String> inputs) throws GeneralSecurityException {
        SecondLook look = new SecondLook(inputs);
        look.compute();
        return look.out;
    }

    private void compute() throws GeneralSecurityException {
        byte[] serverPublic = put("server-public", x25519(hex("server-private"), nine()));
        byte[] prk = extract(cat(V + "invitation"), hex("invitation"));
        byte[] enrolment = put("enrolment", expand(prk, cat(V + "enrolment", serverPublic), 32));
        byte[] seed = put("kem-seed", expand(prk, cat(V + "ml-kem-768", serverPublic), 64));
        byte[] peer = new byte[32];
        byte[] root;
        if (in.containsKey("device-private")) {
            peer = put("device-public", x25519(hex("device-private"), nine()));
            root = extract(enrolment, x25519(hex("device-private"), serverPublic));
        } else {
            root = expand(prk, cat(V + "root", serverPublic), 32);
        }
        put("root", root);
        byte[] gate = put("gate", expand(root, cat(V + "gate", serverPublic, peer), 32));
        byte[] psk = put("psk", expand(root, cat(V + "psk", serverPublic, peer), 32));
        byte[] token = put("token", token(expand(gate, cat(V + "token"), 32)));
        byte[] checkKey = put("check-key", expand(gate, cat(V + "check"), 32));

        boolean hybrid = "H".equals(in.get("suite"));
        byte[] enc = put("ephemeral-public", x25519(hex("ephemeral-private"), nine()));
        byte[] dh = put("dh", x25519(hex("ephemeral-private"), serverPublic));
        byte[] ciphertext = new byte[0];
        byte[] shared;
        if (hybrid) {
            KEM.Encapsulated encapsulated = encapsulate(seed);
            ciphertext = put("kem-ciphertext", encapsulated.encapsulation());
            byte[] kemSecret = put("kem-secret", encapsulated.key().getEncoded());
            shared = MessageDigest.getInstance("SHA3-256")
                    .digest(cat(kemSecret, dh, enc, serverPublic, HEX.parseHex("5c2e2f2f5e5c")));
        } else {
            byte[] suite = cat("KEM", new byte[] {0, 0x20});
            byte[] eae = extract(new byte[0], cat("HPKE-v1", suite, "eae_prk", dh));
            shared = expand(eae, cat(u16(32), "HPKE-v1", suite, "shared_secret", enc, serverPublic), 32);
        }
        put("shared-secret", shared);
        byte[] masked = put("masked", mask(expand(gate, cat(V + "mask"), 32), cat(enc, ciphertext)));

        byte[] suite = cat("HPKE", hybrid ? u16(0x647a) : u16(0x20), u16(1), u16(3));
        byte[] info = cat(V + in.get("suite") + " ", serverPublic);
        byte[] context = cat(
                new byte[] {1},
                extract(new byte[0], cat("HPKE-v1", suite, "psk_id_hash", V + "peer ", peer)),
                extract(new byte[0], cat("HPKE-v1", suite, "info_hash", info)));
        byte[] secret = extract(shared, cat("HPKE-v1", suite, "secret", psk));
        byte[] key = put("key", expand(secret, cat(u16(32), "HPKE-v1", suite, "key", context), 32));
        byte[] nonce = put("base-nonce", expand(secret, cat(u16(12), "HPKE-v1", suite, "base_nonce", context), 12));
        put("exporter-secret", expand(secret, cat(u16(32), "HPKE-v1", suite, "exp", context), 32));
        byte[] aad = put("aad", cat(info, token, hex("salt"), masked));
        byte[] sealed = aead(key, nonce, aad, put("body", body()));
        put("packet", mutate(checkKey, token, cat(hex("salt"), masked, sealed)));
    }

    private byte[] token(byte[] key) throws GeneralSecurityException {
        int slot = Integer.parseInt(in.get("slot"));
        byte[] block = hmac(
                key,
                ByteBuffer.allocate(9)
                        .putLong(Long.parseLong(in.get("epoch")))
                        .put((byte) (slot / 4))
                        .array());
        return Arrays.copyOfRange(block, slot % 4 * 8, slot % 4 * 8 + 8);
    }

    private byte[] mask(byte[] key, byte[] clear) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("ChaCha20");
        cipher.init(
                Cipher.ENCRYPT_MODE,
                new SecretKeySpec(hmac(key, hex("salt")), "ChaCha20"),
                new ChaCha20ParameterSpec(new byte[12], 0));
        return cipher.doFinal(clear);
    }

    private byte[] body() throws GeneralSecurityException {
        ByteBuffer out = ByteBuffer.allocate(64)
                .put(Byte.parseByte(in.getOrDefault("version", "1")))
                .put(Byte.parseByte(in.get("kind")))
                .put(Byte.parseByte(in.get("flags")))
                .put(Byte.parseByte(in.get("mode")))
                .putLong(Long.parseLong(in.get("time-ms")))
                .putLong(Long.parseUnsignedLong(in.get("counter")));
        if (in.containsKey("new-device-public")) {
            return out.put(hex("new-device-public")).array();
        }
        out.putInt(Integer.parseUnsignedInt(in.get("seconds")));
        for (String service : in.getOrDefault("services", "").split(" ", -1)) {
            if (!service.isEmpty()) {
                byte[] name = cat(V + "service " + service);
                out.put(MessageDigest.getInstance("SHA-256").digest(name), 0, 4);
            }
        }
        out.position(36)
                .putInt(Integer.parseUnsignedInt(in.get("grant")))
                .putInt(Integer.parseInt(in.getOrDefault("code", "0")));
        if (in.containsKey("ipv4")) {
            out.put(44, Address.parse(in.get("ipv4")).orElseThrow().bytes());
        }
        if (in.containsKey("ipv6")) {
            out.put(48, Address.parse(in.get("ipv6")).orElseThrow().bytes());
        }
        return out.array();
    }

    /** Damage that a vector may ask for; "tag" and "body" are done by somebody who has the gate key. */
    private byte[] mutate(byte[] checkKey, byte[] token, byte[] rest) throws GeneralSecurityException {
        String mutation = in.getOrDefault("mutation", "none");
        if (mutation.equals("tag")) {
            rest[rest.length - 1] ^= 1;
        }
        byte[] check = Arrays.copyOf(hmac(checkKey, cat(token, rest)), 8);
        byte[] packet = cat(token, check, rest);
        switch (mutation) {
            case "token" -> packet[0] ^= 1;
            case "check" -> packet[8] ^= 1;
            case "garbage" -> packet[packet.length - 1] ^= 1;
            case "shorter" -> packet = Arrays.copyOf(packet, packet.length - 1);
            default -> {}
        }
        return packet;
    }

    private KEM.Encapsulated encapsulate(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("ML-KEM");
        generator.initialize(NamedParameterSpec.ML_KEM_768, new Given(seed));
        KeyPair pair = generator.generateKeyPair();
        byte[] spki = pair.getPublic().getEncoded();
        put("kem-public", Arrays.copyOfRange(spki, spki.length - 1184, spki.length));
        return KEM.getInstance("ML-KEM")
                .newEncapsulator(pair.getPublic(), new Given(hex("kem-random")))
                .encapsulate();
    }

    private static final class Given extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient ByteBuffer left;

        @SuppressWarnings("NullAway")
        Given(byte[] bytes) {
            super(null, null);
            left = ByteBuffer.wrap(bytes);
        }

        @Override
        public void nextBytes(byte[] target) {
            left.get(target);
        }
    }

    static byte[] x25519(byte[] scalar, byte[] point) throws GeneralSecurityException {
        byte[] reversed = new byte[32];
        for (int i = 0; i < 32; i++) {
            reversed[31 - i] = point[i];
        }
        reversed[0] &= 0x7f;
        KeyFactory keys = KeyFactory.getInstance("X25519");
        KeyAgreement agreement = KeyAgreement.getInstance("X25519");
        agreement.init(keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar)));
        agreement.doPhase(
                keys.generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, reversed))),
                true);
        return agreement.generateSecret();
    }

    static byte[] nine() {
        byte[] nine = new byte[32];
        nine[0] = 9;
        return nine;
    }

    private static byte[] aead(byte[] key, byte[] nonce, byte[] aad, byte[] plain) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(plain);
    }

    static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    /** RFC 5869 section 2.2. */
    static byte[] extract(byte[] salt, byte[] ikm) throws GeneralSecurityException {
        return hmac(salt.length == 0 ? new byte[32] : salt, ikm);
    }

    /** RFC 5869 section 2.3. */
    static byte[] expand(byte[] prk, byte[] info, int length) throws GeneralSecurityException {
        byte[] all = new byte[0];
        byte[] last = new byte[0];
        for (int i = 1; all.length < length; i++) {
            last = hmac(prk, cat(last, info, new byte[] {(byte) i}));
            all = cat(all, last);
        }
        return Arrays.copyOf(all, length);
    }

    static byte[] cat(Object... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Object part : parts) {
            out.writeBytes(part instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) part);
        }
        return out.toByteArray();
    }

    private static byte[] u16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    private byte[] hex(String name) {
        return HEX.parseHex(in.get(name));
    }

    private byte[] put(String name, byte[] value) {
        out.put(name, HEX.formatHex(value));
        return value;
    }
}

package tirl.spa;

import java.nio.ByteBuffer;
import javax.crypto.KEM;

/** Makes packets (sections 4 and 6). */
public final class Sealer {
    private Sealer() {}

    /**
     * Seals one body.
     *
     * @param keys those of the device, or of its invitation to register
     * @param kem the server's ML-KEM key for this peer; suite C does without
     * @param epoch of the device's clock, {@link GateKeys#epochOf}
     * @param random bytes that no other packet gets; wiped
     */
    public static SealedPacket seal(
            Suite suite, SharedKeys keys, KemPublicKey kem, long epoch, Body body, SealRandomness random) {
        byte[] packet = new byte[suite.length()];
        int slot = GateKeys.slotOf(body.header().counter());
        ByteBuffer.wrap(packet).putLong(keys.gate().token(epoch, slot)).put(Suite.SALT_AT, random.salt());
        byte[] secret = encapsulate(suite, keys.server(), kem, random, packet);
        random.wipe();
        keys.gate().mask(suite, packet);
        Hpke.Context context = keys.context(suite, secret);
        byte[] plain = BodyCodec.encode(body);
        byte[] sealed = ChaCha.seal(context.key, context.nonce, suite.aad(keys.server(), packet), plain);
        System.arraycopy(sealed, 0, packet, suite.sealedAt(), sealed.length);
        System.arraycopy(keys.gate().check(packet), 0, packet, Suite.CHECK_AT, Suite.CHECK_LENGTH);
        AnswerKey answerKey = new AnswerKey(context);
        Bytes.wipe(secret, plain);
        return new SealedPacket(packet, answerKey);
    }

    /** Writes the unmasked key and ciphertext into the packet; gives the shared secret. */
    private static byte[] encapsulate(
            Suite suite, X25519PublicKey server, KemPublicKey kem, SealRandomness random, byte[] packet) {
        byte[] ephemeralBytes = random.ephemeral();
        X25519PrivateKey ephemeral = new X25519PrivateKey(ephemeralBytes);
        byte[] enc = ephemeral.publicKey().bytes();
        System.arraycopy(enc, 0, packet, Suite.MASKED_AT, enc.length);
        byte[] dh = ephemeral.agree(server).orElseThrow(); // SharedKeys agreed with the same key before
        byte[] secret = switch (suite) {
            case C -> Hpke.dhkem(dh, enc, server.bytes());
            case H -> {
                byte[] kemRandom = random.kem();
                KEM.Encapsulated encapsulated = kem.encapsulate(kemRandom);
                byte[] ciphertext = encapsulated.encapsulation();
                System.arraycopy(ciphertext, 0, packet, suite.ciphertextAt(), ciphertext.length);
                byte[] kemSecret = encapsulated.key().getEncoded();
                byte[] combined = Hpke.xWing(kemSecret, dh, enc, server.bytes());
                Bytes.wipe(kemRandom, kemSecret);
                yield combined;
            }
        };
        ephemeral.wipe();
        Bytes.wipe(ephemeralBytes, dh);
        return secret;
    }
}

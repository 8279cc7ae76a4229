package tirl.spa;

import java.util.Arrays;
import java.util.Optional;

/** Opens packets (section 7, steps 3 and 5). Whose keys to try is known by the token. */
public final class Opener {
    private Opener() {}

    /** Step 3, which costs two MACs at most. Empty for a wrong length or a wrong check. */
    public static Optional<CheckedPacket> check(byte[] packet, SharedKeys keys) {
        return Suite.ofLength(packet.length)
                .filter(_ -> keys.gate().hasRightCheck(packet))
                .map(suite -> new CheckedPacket(suite, keys, packet.clone()));
    }

    /** Step 5 and the body. Costs a key agreement. */
    public static OpenResult open(CheckedPacket checked, X25519PrivateKey server, KemSeed seed) {
        Suite suite = checked.suite();
        SharedKeys keys = checked.keys();
        byte[] packet = checked.bytes();
        byte[] clear = packet.clone();
        keys.gate().mask(suite, clear);
        Optional<byte[]> agreed = decapsulate(suite, clear, server, seed);
        if (agreed.isEmpty()) {
            return new OpenResult.Refused(Refusal.SEAL);
        }
        byte[] secret = agreed.get();
        Hpke.Context context = keys.context(suite, secret);
        Bytes.wipe(secret);
        Optional<byte[]> plain = ChaCha.open(
                context.key,
                context.nonce,
                suite.aad(server.publicKey(), packet),
                packet,
                suite.sealedAt(),
                Suite.SEALED_LENGTH);
        if (plain.isEmpty()) {
            context.wipe();
            return new OpenResult.Refused(Refusal.SEAL);
        }
        AnswerKey answerKey = new AnswerKey(context);
        Optional<Body> body = BodyCodec.decode(plain.get());
        Bytes.wipe(plain.get());
        return body.<OpenResult>map(read -> new OpenResult.Opened(read, answerKey))
                .orElseGet(() -> new OpenResult.Refused(Refusal.BODY));
    }

    private static Optional<byte[]> decapsulate(Suite suite, byte[] clear, X25519PrivateKey server, KemSeed seed) {
        byte[] enc = Arrays.copyOfRange(clear, Suite.MASKED_AT, suite.ciphertextAt());
        byte[] recipient = server.publicKey().bytes();
        return server.agree(new X25519PublicKey(enc)).flatMap(dh -> {
            Optional<byte[]> secret = switch (suite) {
                case C -> Optional.of(Hpke.dhkem(dh, enc, recipient));
                case H ->
                    seed.decapsulate(Arrays.copyOfRange(clear, suite.ciphertextAt(), suite.sealedAt()))
                            .map(kemSecret -> {
                                byte[] combined = Hpke.xWing(kemSecret, dh, enc, recipient);
                                Bytes.wipe(kemSecret);
                                return combined;
                            });
            };
            Bytes.wipe(dh);
            return secret;
        });
    }
}

package tirl.spa;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;

/** The keys that sort packets and open none (section 3): tokens, check, mask. */
public final class GateKeys {
    /** Milliseconds of an epoch. */
    public static final long EPOCH_MS = 600_000;
    /** Tokens of a peer in an epoch. */
    public static final int SLOTS = 16;

    private static final int TOKENS_PER_BLOCK = 4;

    private final byte[] tokenKey;
    private final byte[] checkKey;
    private final byte[] maskKey;

    GateKeys(byte[] gate) {
        tokenKey = Hkdf.expand(gate, Bytes.label("token"), 32);
        checkKey = Hkdf.expand(gate, Bytes.label("check"), 32);
        maskKey = Hkdf.expand(gate, Bytes.label("mask"), 32);
    }

    /** The epoch that a wall clock reading belongs to. */
    public static long epochOf(long timeMs) {
        return Math.floorDiv(timeMs, EPOCH_MS);
    }

    /** Which slot the packet with this counter uses. */
    public static int slotOf(long counter) {
        return (int) (counter & (SLOTS - 1));
    }

    /** All tokens of an epoch, by slot. */
    public long[] tokens(long epoch) {
        long[] tokens = new long[SLOTS];
        Mac mac = Hkdf.hmac(tokenKey);
        for (int block = 0; block < SLOTS / TOKENS_PER_BLOCK; block++) {
            ByteBuffer output = block(mac, epoch, block);
            for (int i = 0; i < TOKENS_PER_BLOCK; i++) {
                tokens[block * TOKENS_PER_BLOCK + i] = output.getLong();
            }
        }
        return tokens;
    }

    /** One token. */
    public long token(long epoch, int slot) {
        return block(Hkdf.hmac(tokenKey), epoch, slot / TOKENS_PER_BLOCK)
                .getLong(slot % TOKENS_PER_BLOCK * Suite.TOKEN_LENGTH);
    }

    private static ByteBuffer block(Mac mac, long epoch, int block) {
        mac.update(ByteBuffer.allocate(9).putLong(epoch).put((byte) block).flip());
        return ByteBuffer.wrap(mac.doFinal());
    }

    /** Section 4.4, over a packet whose own check field does not matter. */
    byte[] check(byte[] packet) {
        Mac mac = Hkdf.hmac(checkKey);
        mac.update(packet, 0, Suite.CHECK_AT);
        mac.update(packet, Suite.SALT_AT, packet.length - Suite.SALT_AT);
        return Arrays.copyOf(mac.doFinal(), Suite.CHECK_LENGTH);
    }

    boolean hasRightCheck(byte[] packet) {
        byte[] claimed = Arrays.copyOfRange(packet, Suite.CHECK_AT, Suite.CHECK_AT + Suite.CHECK_LENGTH);
        return MessageDigest.isEqual(check(packet), claimed);
    }

    /** Masks or unmasks in place (section 4.2). */
    void mask(Suite suite, byte[] packet) {
        Mac mac = Hkdf.hmac(maskKey);
        mac.update(packet, Suite.SALT_AT, Suite.SALT_LENGTH);
        byte[] key = mac.doFinal();
        Bytes.xor(packet, Suite.MASKED_AT, ChaCha.stream(key, suite.maskedLength()));
        Bytes.wipe(key);
    }

    void wipe() {
        Bytes.wipe(tokenKey, checkKey, maskKey);
    }
}

package tirl.linux.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** What one agreement at a time needs: libcrypto's context, the other's key, and room for the numbers. */
final class Seat {
    private static final int LENGTH = 32;
    private static final byte BASE_POINT = 9;

    private final Arena arena;
    private final MemorySegment publicKey;
    private final MemorySegment secret;
    private final MemorySegment length;
    private final long context;
    private final long peer;

    private Seat(Arena arena, long privateKey) {
        this.arena = arena;
        publicKey = arena.allocate(LENGTH);
        secret = arena.allocate(LENGTH);
        length = arena.allocate(JAVA_LONG);
        publicKey.set(JAVA_BYTE, 0, BASE_POINT);
        context = Libcrypto.newContext(privateKey);
        peer = Libcrypto.newPublicKey(publicKey);
    }

    /** Empty when libcrypto has no memory for it. */
    static Optional<Seat> of(long privateKey) {
        Seat seat = new Seat(Arena.ofShared(), privateKey);
        if (seat.context != 0 && seat.peer != 0) {
            return Optional.of(seat);
        }
        seat.free();
        Libcrypto.clearErrors();
        return Optional.empty();
    }

    Optional<byte[]> agree(byte[] other) {
        MemorySegment.copy(other, 0, publicKey, JAVA_BYTE, 0, LENGTH);
        length.set(JAVA_LONG, 0, LENGTH);
        if (!Libcrypto.derive(context, peer, publicKey, secret, length)) {
            Libcrypto.clearErrors();
            secret.fill((byte) 0);
            return Optional.empty();
        }
        byte[] result = secret.toArray(JAVA_BYTE);
        secret.fill((byte) 0);
        return Optional.of(result);
    }

    /** C does nothing when it is asked to free nothing. */
    void free() {
        Libcrypto.freeContext(context);
        Libcrypto.freeKey(peer);
        arena.close();
    }
}

package tirl.linux.crypto;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Optional;
import tirl.spa.DiffieHellman;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/** X25519 by libcrypto. The private key is in C's memory until it is wiped, or the last reference to this object is gone. */
final class LibcryptoX25519 implements DiffieHellman {
    private final NativeKey key;
    /** Frees the key when nobody can reach this object any more: whoever drops it in trouble need not think of it. */
    private final MemorySegment guard;

    @SuppressWarnings("restricted")
    private LibcryptoX25519(NativeKey key) {
        this.key = key;
        guard = MemorySegment.ofAddress(1).reinterpret(1, Arena.ofAuto(), _ -> key.free());
    }

    /** Empty when the library is not there or makes no such keys. */
    static Optional<DiffieHellman> of(byte[] privateKey) {
        if (!Libcrypto.isThere()) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(X25519PrivateKey.LENGTH);
            MemorySegment.copy(privateKey, 0, copy, JAVA_BYTE, 0, X25519PrivateKey.LENGTH);
            long key = Libcrypto.newPrivateKey(copy);
            copy.fill((byte) 0);
            if (key == 0) {
                Libcrypto.clearErrors();
                return Optional.empty();
            }
            return Optional.of(new LibcryptoX25519(new NativeKey(key)));
        }
    }

    @Override
    public Optional<byte[]> agree(X25519PublicKey other) {
        try {
            return key.agree(other.bytes());
        } finally {
            Reference.reachabilityFence(guard);
        }
    }

    @Override
    public void wipe() {
        key.free();
    }
}

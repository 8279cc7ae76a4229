package tirl.linux.crypto;

import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A private key in C's memory. Any number of threads agree at once, each at a seat of its own; there are as many as were ever needed at
 * once, and none is made for each packet. Who frees the key waits for them.
 */
final class NativeKey {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Deque<Seat> idle = new ConcurrentLinkedDeque<>();
    /** An EVP_PKEY; 0 once freed. */
    private long key;

    /** Takes it over. */
    NativeKey(long key) {
        this.key = key;
    }

    /** Empty for a point of small order, and when the key is freed. */
    Optional<byte[]> agree(byte[] publicKey) {
        lock.readLock().lock();
        try {
            Seat seat = key == 0 ? null : seat();
            if (seat == null) {
                return Optional.empty();
            }
            try {
                return seat.agree(publicKey);
            } finally {
                idle.push(seat);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private @Nullable Seat seat() {
        Seat seat = idle.poll();
        return seat == null ? Seat.of(key).orElse(null) : seat;
    }

    /** All seats are idle then. */
    void free() {
        lock.writeLock().lock();
        try {
            for (Seat seat = idle.poll(); seat != null; seat = idle.poll()) {
                seat.free();
            }
            if (key != 0) {
                Libcrypto.freeKey(key);
            }
            key = 0;
        } finally {
            lock.writeLock().unlock();
        }
    }
}

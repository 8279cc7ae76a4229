package tirl.spa;

import java.util.Optional;

/** The X25519 of one private key (RFC 7748). Any thread. */
public interface DiffieHellman {
    /** The shared secret, which the caller wipes; empty for a point of small order (section 6.1), and once it is wiped. */
    Optional<byte[]> agree(X25519PublicKey other);

    /** Forgets the private key. */
    void wipe();

    /** Who computes it: the JDK, or what a host has that is quicker. */
    @FunctionalInterface
    interface Maker {
        /** Takes a copy of these 32 bytes. */
        DiffieHellman of(byte[] privateKey);

        /** The JDK's, which is there always. */
        static Maker jdk() {
            return JdkDiffieHellman::new;
        }
    }
}

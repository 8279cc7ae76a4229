package tirl.linux.crypto;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import tirl.spa.DiffieHellman;
import tirl.spa.X25519PublicKey;

/** X25519 by the quickest that this host has: libcrypto, else the JDK. Which one is found out when the first key is made. */
public final class QuickX25519 {
    private QuickX25519() {}

    /** A {@link DiffieHellman.Maker}. */
    public static DiffieHellman of(byte[] privateKey) {
        Optional<DiffieHellman> quick = Trial.PASSED ? LibcryptoX25519.of(privateKey) : Optional.empty();
        return quick.orElseGet(() -> DiffieHellman.Maker.jdk().of(privateKey));
    }

    /** Who computes, for people; with the remedy when it could be quicker. */
    public static String by() {
        return Trial.PASSED
                ? "OpenSSL " + Libcrypto.version()
                : "Java, as " + Libcrypto.NAME + " is not there or does not work (Debian: libssl3t64, libssl3)";
    }

    /** A library of another make, or one that is told to refuse this curve, is as good as none. */
    private static final class Trial {
        static final boolean PASSED = Libcrypto.isThere() && Libcrypto.begin() && isRight();

        private Trial() {}

        /** Alice and Bob of RFC 7748 section 6.1. */
        private static boolean isRight() {
            byte[] alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
            byte[] bob = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
            byte[] secret = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
            return LibcryptoX25519.of(alice)
                    .map(key -> {
                        Optional<byte[]> agreed = key.agree(new X25519PublicKey(bob));
                        key.wipe();
                        return agreed.isPresent() && Arrays.equals(agreed.get(), secret);
                    })
                    .orElse(false);
        }

        private static byte[] hex(String text) {
            return HexFormat.of().parseHex(text);
        }
    }
}

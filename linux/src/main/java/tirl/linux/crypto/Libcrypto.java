package tirl.linux.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import tirl.linux.libc.Downcalls;

/**
 * The functions of libcrypto (OpenSSL 3) for agreements on keys, one to one. Pointers to C's objects are longs, 0 for none. Nothing is
 * loaded before the first use of this class, and {@link #isThere} comes before all else.
 */
final class Libcrypto {
    /** Its functions are those of version 3. No other name: one for development may be of another version. */
    static final String NAME = "libcrypto.so.3";

    /**
     * Not what /etc/ssl/openssl.cnf or OPENSSL_CONF names: that may load code. And no tidying up when the process ends, which does not
     * wait for threads that are in the library.
     */
    private static final long NO_LOAD_CONFIG_NO_ATEXIT = 0x80L | 0x80000L;

    private static final int VERSION_STRING = 6;

    private static final List<String> FUNCTIONS = List.of(
            "OPENSSL_init_crypto",
            "OpenSSL_version",
            "ERR_clear_error",
            "EVP_PKEY_new_raw_private_key_ex",
            "EVP_PKEY_new_raw_public_key_ex",
            "EVP_PKEY_set1_encoded_public_key",
            "EVP_PKEY_free",
            "EVP_PKEY_CTX_new_from_pkey",
            "EVP_PKEY_CTX_free",
            "EVP_PKEY_derive_init",
            "EVP_PKEY_derive_set_peer_ex",
            "EVP_PKEY_derive");

    private static final Optional<SymbolLookup> LIBRARY = load(NAME);
    /** For errno, which nobody reads; this shape is there for system calls already (decision 0025). */
    private static final MemorySegment STATE = Arena.global().allocate(Linker.Option.captureStateLayout());

    private static final MemorySegment X25519 = Arena.global().allocateFrom("X25519");

    /** The handles, in a class of their own so that a missing library is a value, not a linkage error. */
    private static final class Calls {
        static final MethodHandle INIT = call("OPENSSL_init_crypto", 2);
        static final MethodHandle VERSION = call("OpenSSL_version", 1);
        static final MethodHandle CLEAR_ERROR = call("ERR_clear_error", 0);
        static final MethodHandle NEW_PRIVATE_KEY = call("EVP_PKEY_new_raw_private_key_ex", 5);
        static final MethodHandle NEW_PUBLIC_KEY = call("EVP_PKEY_new_raw_public_key_ex", 5);
        static final MethodHandle FREE_KEY = call("EVP_PKEY_free", 1);
        static final MethodHandle NEW_CONTEXT = call("EVP_PKEY_CTX_new_from_pkey", 3);
        static final MethodHandle FREE_CONTEXT = call("EVP_PKEY_CTX_free", 1);
        static final MethodHandle DERIVE_INIT = call("EVP_PKEY_derive_init", 1);
        static final MethodHandle SET_PUBLIC_KEY = often("EVP_PKEY_set1_encoded_public_key");
        static final MethodHandle SET_PEER = often("EVP_PKEY_derive_set_peer_ex");
        static final MethodHandle DERIVE = often("EVP_PKEY_derive");

        private static MethodHandle call(String name, int parameters) {
            return Downcalls.withErrno(LIBRARY.orElseThrow(), name, parameters);
        }

        private static MethodHandle often(String name) {
            return Downcalls.withoutErrno(LIBRARY.orElseThrow(), name, 3);
        }

        private Calls() {}
    }

    private Libcrypto() {}

    static boolean isThere() {
        return LIBRARY.isPresent();
    }

    /** Empty when there is no such library, or a function is missing in it. */
    @SuppressWarnings("restricted")
    static Optional<SymbolLookup> load(String name) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()))
                    .filter(library -> FUNCTIONS.stream()
                            .allMatch(function -> library.find(function).isPresent()));
        } catch (IllegalArgumentException notThere) {
            return Optional.empty();
        }
    }

    /** To be called once before keys are made; false when the library will not work. */
    static boolean begin() {
        try {
            return isOne((long) Calls.INIT.invokeExact(STATE, NO_LOAD_CONFIG_NO_ATEXIT, 0L));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** Such as 3.0.19. */
    @SuppressWarnings("restricted")
    static String version() {
        try {
            long text = (long) Calls.VERSION.invokeExact(STATE, (long) VERSION_STRING);
            return MemorySegment.ofAddress(text).reinterpret(64).getString(0);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** A failure leaves a note for this thread, of which there must not be more and more. */
    static void clearErrors() {
        try {
            long _ = (long) Calls.CLEAR_ERROR.invokeExact(STATE);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** An EVP_PKEY with a copy of the private key. */
    static long newPrivateKey(MemorySegment key) {
        try {
            return (long) Calls.NEW_PRIVATE_KEY.invokeExact(
                    STATE, 0L, Downcalls.address(X25519), 0L, Downcalls.address(key), key.byteSize());
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** An EVP_PKEY with a copy of the public key. */
    static long newPublicKey(MemorySegment key) {
        try {
            return (long) Calls.NEW_PUBLIC_KEY.invokeExact(
                    STATE, 0L, Downcalls.address(X25519), 0L, Downcalls.address(key), key.byteSize());
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** Overwrites a private key first. */
    static void freeKey(long key) {
        try {
            long _ = (long) Calls.FREE_KEY.invokeExact(STATE, key);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** An EVP_PKEY_CTX for agreements with this private key. */
    static long newContext(long privateKey) {
        try {
            long context = (long) Calls.NEW_CONTEXT.invokeExact(STATE, 0L, privateKey, 0L);
            if (context == 0 || isOne((long) Calls.DERIVE_INIT.invokeExact(STATE, context))) {
                return context;
            }
            freeContext(context);
            return 0;
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static void freeContext(long context) {
        try {
            long _ = (long) Calls.FREE_CONTEXT.invokeExact(STATE, context);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /**
     * The agreement itself.
     *
     * @param peer an EVP_PKEY, which gets this public key
     * @param length holds how long the secret may be
     * @return false also when the secret would be zero (RFC 7748 section 6.1)
     */
    static boolean derive(
            long context, long peer, MemorySegment publicKey, MemorySegment secret, MemorySegment length) {
        try {
            long unchecked = 0; // The check is of the key's length.
            return isOne((long)
                            Calls.SET_PUBLIC_KEY.invokeExact(peer, Downcalls.address(publicKey), publicKey.byteSize()))
                    && isOne((long) Calls.SET_PEER.invokeExact(context, peer, unchecked))
                    && isOne((long)
                            Calls.DERIVE.invokeExact(context, Downcalls.address(secret), Downcalls.address(length)));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** Of an int result, the upper half means nothing. Failures are 0, -1 and -2. */
    private static boolean isOne(long result) {
        return (int) result == 1;
    }

    /** A downcall throws nothing. */
    private static AssertionError bug(Throwable failure) {
        return new AssertionError(failure);
    }
}

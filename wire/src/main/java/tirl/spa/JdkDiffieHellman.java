package tirl.spa;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Optional;
import javax.crypto.KeyAgreement;

/** X25519 by the JDK. */
final class JdkDiffieHellman implements DiffieHellman {
    private volatile Optional<PrivateKey> key;

    JdkDiffieHellman(byte[] privateKey) {
        try {
            key = Optional.of(KeyFactory.getInstance("X25519")
                    .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has X25519", e);
        }
    }

    @Override
    public Optional<byte[]> agree(X25519PublicKey other) {
        return key.flatMap(mine -> agree(mine, other));
    }

    /** The JDK's key object cannot be wiped: it waits for the garbage collector. */
    @Override
    public void wipe() {
        key = Optional.empty();
    }

    private static Optional<byte[]> agree(PrivateKey mine, X25519PublicKey other) {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(mine);
            agreement.doPhase(publicKey(other), true);
            return Optional.of(agreement.generateSecret());
        } catch (InvalidKeyException smallOrder) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has X25519", e);
        }
    }

    private static PublicKey publicKey(X25519PublicKey other) throws GeneralSecurityException {
        byte[] littleEndian = other.bytes();
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[bigEndian.length - 1 - i];
        }
        bigEndian[0] &= 0x7f; // RFC 7748 section 5: the top bit is ignored
        return KeyFactory.getInstance("X25519")
                .generatePublic(new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
    }
}

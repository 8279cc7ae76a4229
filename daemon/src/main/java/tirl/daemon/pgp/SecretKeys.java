package tirl.daemon.pgp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPSecretKey;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;

/** Unlocks secret keys of exported files. */
final class SecretKeys {
    private SecretKeys() {}

    static PGPPrivateKey unlock(PGPSecretKey key, Optional<byte[]> passphrase) throws KeyRingException {
        if (key.isPrivateKeyEmpty()) {
            throw new KeyRingException("its private part is on a smart card, or was left out of the export");
        }
        if (key.getKeyEncryptionAlgorithm() != 0 && passphrase.isEmpty()) {
            throw new KeyRingException("it has a pass-phrase; set GPG_DECRYPT_PW");
        }
        try {
            char[] words = words(passphrase.orElse(new byte[0]));
            PGPPrivateKey unlocked = key.extractPrivateKey(
                    new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider()).build(words));
            if (unlocked == null) {
                throw new KeyRingException("it has no private part");
            }
            return unlocked;
        } catch (CharacterCodingException e) {
            throw new KeyRingException("GPG_DECRYPT_PW is not UTF-8", e);
        } catch (PGPException | RuntimeException e) {
            throw new KeyRingException("GPG_DECRYPT_PW is not its pass-phrase", e);
        }
    }

    /** The library takes characters, and makes UTF-8 of them. */
    private static char[] words(byte[] octets) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(octets))
                .toString()
                .toCharArray();
    }
}

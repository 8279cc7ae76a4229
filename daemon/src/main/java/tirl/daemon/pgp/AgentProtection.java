package tirl.daemon.pgp;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.OCBBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** What gpg-agent puts around the numbers of a key with a pass-phrase: AES-128 in OCB, or before 2.1.17 in CBC. */
final class AgentProtection {
    private static final int TAG_BITS = 128;
    private static final int KEY_OCTETS = 16;
    /** Half a minute of hashing; gpg-agent's own choice takes a tenth of a second on its machine. */
    private static final long MOST_HASHED = 8L << 30;

    private AgentProtection() {}

    /**
     * The list with the secret numbers.
     *
     * @param how {@code (protected NAME ((sha1 SALT COUNT) NONCE) OCTETS)}
     */
    static SExpression remove(SExpression key, SExpression how, byte[] passphrase) throws KeyRingException {
        try {
            String name = how.items().get(1).text();
            SExpression parameters = how.items().get(2);
            byte[] octets = how.items().get(3).octets();
            SExpression s2k = parameters.items().getFirst();
            byte[] nonce = parameters.items().get(1).octets();
            byte[] secret = hashed(
                    passphrase,
                    s2k.items().get(1).octets(),
                    Long.parseLong(s2k.items().get(2).text()));
            byte[] plain = switch (name) {
                case "openpgp-s2k3-ocb-aes" -> ocb(secret, nonce, key.canonicalWithout("protected"), octets);
                case "openpgp-s2k3-sha1-aes-cbc" -> cbc(secret, nonce, octets);
                default -> throw new KeyRingException("its protection, " + name + ", is not known");
            };
            // A list in a list: the numbers, in CBC with a hash after them.
            return SExpression.read(plain).items().getFirst();
        } catch (InvalidCipherTextException e) {
            throw new KeyRingException("GPG_DECRYPT_PW is not its pass-phrase", e);
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new KeyRingException("GPG_DECRYPT_PW is not its pass-phrase, or its file is damaged", e);
        }
    }

    private static byte[] ocb(byte[] key, byte[] nonce, byte[] authenticated, byte[] octets)
            throws InvalidCipherTextException {
        OCBBlockCipher cipher = new OCBBlockCipher(AESEngine.newInstance(), AESEngine.newInstance());
        cipher.init(false, new AEADParameters(new KeyParameter(key), TAG_BITS, nonce, authenticated));
        byte[] plain = new byte[cipher.getOutputSize(octets.length)];
        int length = cipher.processBytes(octets, 0, octets.length, plain, 0);
        cipher.doFinal(plain, length);
        return plain;
    }

    private static byte[] cbc(byte[] key, byte[] iv, byte[] octets) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
        return cipher.doFinal(octets);
    }

    /** OpenPGP's iterated and salted S2K with SHA-1. */
    private static byte[] hashed(byte[] passphrase, byte[] salt, long count)
            throws GeneralSecurityException, IOException {
        if (count > MOST_HASHED) {
            throw new IOException("more rounds than are worked");
        }
        byte[] salted = Arrays.copyOf(salt, salt.length + passphrase.length);
        System.arraycopy(passphrase, 0, salted, salt.length, passphrase.length);
        // Long pieces: the JDK's SHA-1 is quick only when it is not called for each dozen of octets.
        byte[] piece = new byte[salted.length * Math.max(1, 8192 / salted.length)];
        for (int i = 0; i < piece.length; i++) {
            piece[i] = salted[i % salted.length];
        }
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        for (long rest = Math.max(count, salted.length); rest > 0; rest -= piece.length) {
            sha1.update(piece, 0, (int) Math.min(rest, piece.length));
        }
        return Arrays.copyOf(sha1.digest(), KEY_OCTETS);
    }
}

package tirl.daemon.pgp;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.bcpg.ElGamalPublicBCPGKey;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.RSAPublicBCPGKey;
import org.bouncycastle.bcpg.S2K;
import org.bouncycastle.bcpg.SecretKeyPacket;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSecretKey;

/** How gpg-agent keeps a key that was imported and has not been used yet: as it was in the exported file. */
final class OpenPgpNative {
    private static final int SUM_OF_OCTETS = 255;

    private OpenPgpNative() {}

    /**
     * Unlocks it.
     *
     * @param form {@code (openpgp-private-key ... (skey _ NUMBER ... e OCTETS) (protection HOW CIPHER IV MODE HASH SALT COUNT))}
     */
    static PGPPrivateKey unlock(SExpression form, PGPPublicKey publicKey, Optional<byte[]> passphrase)
            throws KeyRingException {
        try {
            List<SExpression> words = form.find("skey").orElseThrow().items();
            List<SExpression> protection = form.find("protection").orElseThrow().items();
            if (!protection.get(1).text().equals("none")) {
                return SecretKeys.unlock(new PGPSecretKey(packet(words, protection, publicKey), publicKey), passphrase);
            }
            List<BigInteger> numbers = new ArrayList<>();
            for (int i = 2; i < words.size(); i += 2) {
                numbers.add(new BigInteger(1, words.get(i).octets()));
            }
            int publicOnes = switch (publicKey.getPublicKeyPacket().getKey()) {
                case RSAPublicBCPGKey _ -> 2;
                case ElGamalPublicBCPGKey _ -> 3;
                default -> 1;
            };
            BigInteger[] secret = numbers.subList(publicOnes, numbers.size()).toArray(BigInteger[]::new);
            return new PGPPrivateKey(
                    publicKey.getKeyID(), publicKey.getPublicKeyPacket(), AgentKey.secretKey(publicKey, secret));
        } catch (RuntimeException e) {
            throw new KeyRingException("its file is damaged, or of a form that is not known", e);
        }
    }

    private static SecretKeyPacket packet(List<SExpression> words, List<SExpression> protection, PGPPublicKey publicKey)
            throws KeyRingException {
        int usage = protection.get(1).text().equals("sha1") ? SecretKeyPacket.USAGE_SHA1 : SUM_OF_OCTETS;
        int hash = hash(protection.get(5).text());
        byte[] salt = protection.get(6).octets();
        int codedCount = Integer.parseInt(protection.get(7).text());
        S2K s2k = switch (Integer.parseInt(protection.get(4).text())) {
            case 0 -> S2K.simpleS2K(hash);
            case 1 -> S2K.saltedS2K(hash, salt);
            case 3 -> S2K.saltedAndIteratedS2K(hash, salt, codedCount);
            default -> throw new KeyRingException("its pass-phrase is hashed in a way that is not known");
        };
        byte[] iv = protection.get(3).octets();
        return new SecretKeyPacket(
                publicKey.getPublicKeyPacket(),
                cipher(protection.get(2).text()),
                usage,
                s2k,
                iv,
                words.getLast().octets());
    }

    /** By libgcrypt's names. */
    private static int cipher(String name) throws KeyRingException {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "AES", "AES128" -> SymmetricKeyAlgorithmTags.AES_128;
            case "AES192" -> SymmetricKeyAlgorithmTags.AES_192;
            case "AES256" -> SymmetricKeyAlgorithmTags.AES_256;
            case "3DES" -> SymmetricKeyAlgorithmTags.TRIPLE_DES;
            case "CAST5" -> SymmetricKeyAlgorithmTags.CAST5;
            case "CAMELLIA256" -> SymmetricKeyAlgorithmTags.CAMELLIA_256;
            default -> throw new KeyRingException("it is encrypted with " + name + ", which is not known");
        };
    }

    private static int hash(String name) throws KeyRingException {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "SHA1" -> HashAlgorithmTags.SHA1;
            case "SHA256" -> HashAlgorithmTags.SHA256;
            case "SHA384" -> HashAlgorithmTags.SHA384;
            case "SHA512" -> HashAlgorithmTags.SHA512;
            default -> throw new KeyRingException("its pass-phrase is hashed with " + name + ", which is not known");
        };
    }
}

package tirl.daemon.pgp;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.BCPGKey;
import org.bouncycastle.bcpg.ECDHPublicBCPGKey;
import org.bouncycastle.bcpg.ECSecretBCPGKey;
import org.bouncycastle.bcpg.ElGamalPublicBCPGKey;
import org.bouncycastle.bcpg.ElGamalSecretBCPGKey;
import org.bouncycastle.bcpg.RSAPublicBCPGKey;
import org.bouncycastle.bcpg.RSASecretBCPGKey;
import org.bouncycastle.openpgp.PGPPrivateKey;
import org.bouncycastle.openpgp.PGPPublicKey;

/** A file of gpg-agent's private-keys-v1.d. Of the keys in there only those that decrypt are read. */
final class AgentKey {
    private static final String PROTECTED = "protected-private-key";

    private final SExpression whole;
    /** Named by the algorithm: rsa, elg, ecc. */
    private final SExpression key;

    private AgentKey(SExpression whole, SExpression key) {
        this.whole = whole;
        this.key = key;
    }

    static AgentKey read(byte[] file) throws IOException {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        // Since 2.1.20 the list is the value of a line "Key:"; before, it was the whole file.
        int start = text.startsWith("(") ? 0 : text.startsWith("Key:") ? 4 : text.indexOf("\nKey:") + 5;
        if (start == 4 && !text.startsWith("Key:")) {
            throw new IOException("no line \"Key:\"");
        }
        SExpression whole = SExpression.read(text.substring(start).getBytes(StandardCharsets.ISO_8859_1));
        if (whole.items().size() < 2) {
            throw new IOException("no key");
        }
        return new AgentKey(whole, whole.items().get(1));
    }

    /** Whether it is the private part of this key. */
    boolean belongsTo(PGPPublicKey publicKey) {
        return switch (publicKey.getPublicKeyPacket().getKey()) {
            case RSAPublicBCPGKey rsa -> number(key, "n").equals(Optional.of(rsa.getModulus()));
            case ElGamalPublicBCPGKey elGamal ->
                number(key, "p").equals(Optional.of(elGamal.getP()))
                        && number(key, "y").equals(Optional.of(elGamal.getY()));
            case ECDHPublicBCPGKey ecdh -> number(key, "q").equals(Optional.of(ecdh.getEncodedPoint()));
            default -> false;
        };
    }

    /** Unlocks it. */
    PGPPrivateKey unlock(PGPPublicKey publicKey, Optional<byte[]> passphrase) throws KeyRingException {
        SExpression secret = key;
        if (whole.is("shadowed-private-key")) {
            throw new KeyRingException("its private part is on a smart card, which tirl cannot ask");
        }
        if (whole.is(PROTECTED)) {
            SExpression how =
                    key.find("protected").orElseThrow(() -> new KeyRingException("its protection is not named"));
            if (how.is("protected")
                    && how.items().size() > 2
                    && how.items().get(1).text().equals("openpgp-native")) {
                return OpenPgpNative.unlock(how.items().get(2), publicKey, passphrase);
            }
            byte[] words =
                    passphrase.orElseThrow(() -> new KeyRingException("it has a pass-phrase; set GPG_DECRYPT_PW"));
            secret = AgentProtection.remove(key, how, words);
        }
        return new PGPPrivateKey(publicKey.getKeyID(), publicKey.getPublicKeyPacket(), secretKey(publicKey, secret));
    }

    private static BCPGKey secretKey(PGPPublicKey publicKey, SExpression secret) throws KeyRingException {
        List<String> names = switch (publicKey.getPublicKeyPacket().getKey()) {
            case RSAPublicBCPGKey _ -> List.of("d", "p", "q");
            case ElGamalPublicBCPGKey _ -> List.of("x");
            default -> List.of("d");
        };
        BigInteger[] numbers = new BigInteger[names.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(secret, names.get(i)).orElseThrow(() -> new KeyRingException("its file is incomplete"));
        }
        return secretKey(publicKey, numbers);
    }

    /** From d, p and q of RSA, or the one number of the others. */
    static BCPGKey secretKey(PGPPublicKey publicKey, BigInteger... numbers) throws KeyRingException {
        return switch (publicKey.getPublicKeyPacket().getKey()) {
            case RSAPublicBCPGKey rsa -> {
                if (numbers.length < 3 || !numbers[1].multiply(numbers[2]).equals(rsa.getModulus())) {
                    throw new KeyRingException("its file is damaged");
                }
                yield new RSASecretBCPGKey(numbers[0], numbers[1], numbers[2]);
            }
            case ElGamalPublicBCPGKey elGamal -> {
                if (!elGamal.getG().modPow(numbers[0], elGamal.getP()).equals(elGamal.getY())) {
                    throw new KeyRingException("its file is damaged");
                }
                yield new ElGamalSecretBCPGKey(numbers[0]);
            }
            default -> new ECSecretBCPGKey(numbers[0]);
        };
    }

    private static Optional<BigInteger> number(SExpression list, String name) {
        return list.value(name).map(octets -> new BigInteger(1, Arrays.copyOf(octets, octets.length)));
    }
}

package tirl.daemon.pgp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import org.bouncycastle.openpgp.PGPEncryptedData;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;

/** Encrypts what no gpg would. */
final class Encryptions {
    private Encryptions() {}

    /** These octets, whatever they are, to the last key of an exported one. */
    static byte[] to(byte[] exported, byte[] octets) throws IOException, PGPException {
        return to(exported, octets, false);
    }

    static byte[] to(byte[] exported, byte[] octets, boolean aead) throws IOException, PGPException {
        PGPPublicKey key = null;
        for (PGPPublicKey each : new PGPPublicKeyRing(exported, new BcKeyFingerprintCalculator())) {
            key = each;
        }
        BcPGPDataEncryptorBuilder cipher = new BcPGPDataEncryptorBuilder(PGPEncryptedData.AES_256);
        if (aead) {
            cipher.setWithAEAD(2, 16).setUseV5AEAD();
        } else {
            cipher.setWithIntegrityPacket(true);
        }
        PGPEncryptedDataGenerator generator = new PGPEncryptedDataGenerator(cipher.setSecureRandom(new SecureRandom()));
        generator.addMethod(new BcPublicKeyKeyEncryptionMethodGenerator(java.util.Objects.requireNonNull(key)));
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        try (OutputStream stream = generator.open(message, octets.length)) {
            stream.write(octets);
        }
        generator.close();
        return message.toByteArray();
    }
}

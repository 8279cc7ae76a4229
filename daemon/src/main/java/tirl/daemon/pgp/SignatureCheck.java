package tirl.daemon.pgp;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.SignatureExpirationTime;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/** Whether a text is signed by somebody whom the stanza believes. */
final class SignatureCheck {
    /** With SHA-1, as gpg takes it and old DSA keys know no other; what collides needs the signer's help. */
    private static final Set<Integer> HASHES = Set.of(
            HashAlgorithmTags.SHA1,
            HashAlgorithmTags.SHA224,
            HashAlgorithmTags.SHA256,
            HashAlgorithmTags.SHA384,
            HashAlgorithmTags.SHA512);

    private SignatureCheck() {}

    /**
     * Returns when it is good.
     *
     * @param onlyNamed GPG_IGNORE_SIG_VERIFY_ERROR: it is enough that the signature names a signer
     */
    static void check(SignedText text, StanzaKeyRing ring, boolean onlyNamed, Instant now) throws RefusedMessage {
        PGPSignature signature = text.signature().orElseThrow(() -> new RefusedMessage(PgpRefusal.UNSIGNED));
        List<Certificate.Part> named = ring.signers(signature.getKeyID());
        if (named.isEmpty()) {
            throw new RefusedMessage(PgpRefusal.SIGNER);
        }
        if (onlyNamed) {
            return;
        }
        List<Certificate.Part> usable =
                named.stream().filter(part -> !part.isExpired(now)).toList();
        if (usable.isEmpty()) {
            throw new RefusedMessage(PgpRefusal.SIGNER_EXPIRED);
        }
        if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT
                || !HASHES.contains(signature.getHashAlgorithm())
                || !isRight(signature, usable.getFirst(), text.text())) {
            throw new RefusedMessage(PgpRefusal.SIGNATURE);
        }
        if (hasExpired(signature, now)) {
            throw new RefusedMessage(PgpRefusal.SIGNATURE_EXPIRED);
        }
    }

    private static boolean isRight(PGPSignature signature, Certificate.Part signer, byte[] text) {
        try {
            signature.init(new BcPGPContentVerifierBuilderProvider(), signer.key());
            signature.update(text);
            return signature.verify();
        } catch (PGPException | RuntimeException e) {
            // An algorithm that is not the key's, or numbers that are none.
            return false;
        }
    }

    /** Asked once the signature is known to be right: this is part of what is signed. */
    private static boolean hasExpired(PGPSignature signature, Instant now) {
        if (!signature.hasSubpackets()
                || !(signature.getHashedSubPackets().getSubpacket(SIGNATURE_EXPIRES)
                        instanceof SignatureExpirationTime time)
                || time.getTime() == 0) {
            return false;
        }
        return !now.isBefore(signature.getCreationTime().toInstant().plusSeconds(time.getTime()));
    }

    private static final int SIGNATURE_EXPIRES = 3;
}

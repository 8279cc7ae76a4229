package tirl.daemon.pgp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/** A key with its subkeys, as its own signatures describe it. Signatures of others count for nothing. */
final class Certificate {
    private static final BcPGPContentVerifierBuilderProvider VERIFIERS = new BcPGPContentVerifierBuilderProvider();

    /**
     * A key or subkey that is its owner's.
     *
     * @param expires when it is no longer to be used
     */
    record Part(PGPPublicKey key, boolean signs, boolean encrypts, boolean revoked, Optional<Instant> expires) {
        boolean isExpired(Instant now) {
            return expires.isPresent() && !now.isBefore(expires.get());
        }
    }

    private final PGPPublicKeyRing ring;
    private final PGPPublicKey primary;
    private final List<Part> parts = new ArrayList<>();

    Certificate(PGPPublicKeyRing ring) {
        this.ring = ring;
        primary = ring.getPublicKey();
        Optional<PGPSignature> self = selfSignature();
        if (self.isEmpty()) {
            return;
        }
        boolean revoked = anySignature(primary.getKeySignatures(), PGPSignature.KEY_REVOCATION, this::isOfPrimary);
        Part whole = part(primary, self.get(), revoked, Optional.empty());
        parts.add(whole);
        for (Iterator<PGPPublicKey> keys = ring.getPublicKeys(); keys.hasNext(); ) {
            PGPPublicKey key = keys.next();
            if (!key.isMasterKey()) {
                latest(key.getSignatures(), signature -> isBinding(signature, key))
                        .map(binding -> part(key, binding, revoked || isRevoked(key), whole.expires()))
                        .filter(part -> !part.signs() || isBackSigned(part.key()))
                        .ifPresent(parts::add);
            }
        }
    }

    PGPPublicKeyRing ring() {
        return ring;
    }

    PGPPublicKey primary() {
        return primary;
    }

    /** The key and its subkeys; none where its owner's signature is missing or wrong. */
    List<Part> parts() {
        return List.copyOf(parts);
    }

    List<String> userIds() {
        List<String> ids = new ArrayList<>();
        primary.getUserIDs().forEachRemaining(ids::add);
        return ids;
    }

    private interface Check {
        boolean holds(PGPSignature signature) throws PGPException;
    }

    /** The latest one says until when the key is good and what for. */
    private Optional<PGPSignature> selfSignature() {
        List<PGPSignature> found = new ArrayList<>();
        for (Iterator<byte[]> ids = primary.getRawUserIDs(); ids.hasNext(); ) {
            byte[] id = ids.next();
            Check right = signature -> signature.verifyCertification(id, primary);
            boolean revoked =
                    anySignature(primary.getSignaturesForID(id), PGPSignature.CERTIFICATION_REVOCATION, own(right));
            if (!revoked) {
                latest(
                                primary.getSignaturesForID(id),
                                signature -> signature.isCertification()
                                        && own(right).holds(signature))
                        .ifPresent(found::add);
            }
        }
        latest(
                        primary.getKeySignatures(),
                        signature -> signature.getSignatureType() == PGPSignature.DIRECT_KEY && isOfPrimary(signature))
                .ifPresent(found::add);
        return found.stream().max(Comparator.comparing(PGPSignature::getCreationTime));
    }

    private Check own(Check right) {
        return signature -> {
            if (signature.getKeyID() != primary.getKeyID()) {
                return false;
            }
            signature.init(VERIFIERS, primary);
            return right.holds(signature);
        };
    }

    private boolean isOfPrimary(PGPSignature signature) throws PGPException {
        return own(own -> own.verifyCertification(primary)).holds(signature);
    }

    private boolean isBinding(PGPSignature signature, PGPPublicKey key) throws PGPException {
        return signature.getSignatureType() == PGPSignature.SUBKEY_BINDING
                && own(own -> own.verifyCertification(primary, key)).holds(signature);
    }

    private boolean isRevoked(PGPPublicKey key) {
        return anySignature(
                key.getSignatures(), PGPSignature.SUBKEY_REVOCATION, own(own -> own.verifyCertification(primary, key)));
    }

    /** A subkey that signs has to say that it belongs to the key, or anybody could call it their own. */
    private boolean isBackSigned(PGPPublicKey key) {
        return latest(key.getSignatures(), signature -> isBinding(signature, key))
                .map(binding -> {
                    try {
                        return isBackSigned(key, binding.getHashedSubPackets().getEmbeddedSignatures())
                                || isBackSigned(
                                        key, binding.getUnhashedSubPackets().getEmbeddedSignatures());
                    } catch (PGPException | RuntimeException e) {
                        return false;
                    }
                })
                .orElse(false);
    }

    private boolean isBackSigned(PGPPublicKey key, PGPSignatureList embedded) throws PGPException {
        for (PGPSignature signature : embedded) {
            if (signature.getSignatureType() == PGPSignature.PRIMARYKEY_BINDING) {
                signature.init(VERIFIERS, key);
                if (signature.verifyCertification(primary, key)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Part part(PGPPublicKey key, PGPSignature from, boolean revoked, Optional<Instant> parentExpires) {
        int flags = from.hasSubpackets() ? from.getHashedSubPackets().getKeyFlags() : 0;
        long seconds = from.hasSubpackets() ? from.getHashedSubPackets().getKeyExpirationTime() : 0;
        boolean encrypts = flags == 0
                ? key.isEncryptionKey()
                : (flags & (KeyFlags.ENCRYPT_COMMS | KeyFlags.ENCRYPT_STORAGE)) != 0 && key.isEncryptionKey();
        boolean signs = flags == 0 ? key.isMasterKey() : (flags & KeyFlags.SIGN_DATA) != 0;
        Optional<Instant> own = seconds == 0
                ? Optional.empty()
                : Optional.of(key.getCreationTime().toInstant().plusSeconds(seconds));
        Optional<Instant> expires = own.isEmpty()
                        || (parentExpires.isPresent() && parentExpires.get().isBefore(own.get()))
                ? parentExpires
                : own;
        return new Part(key, signs, encrypts, revoked, expires);
    }

    private static Optional<PGPSignature> latest(Iterator<PGPSignature> signatures, Check check) {
        List<PGPSignature> found = new ArrayList<>();
        while (signatures.hasNext()) {
            PGPSignature signature = signatures.next();
            if (holds(check, signature)) {
                found.add(signature);
            }
        }
        return found.stream().max(Comparator.comparing(PGPSignature::getCreationTime));
    }

    private static boolean anySignature(Iterator<PGPSignature> signatures, int type, Check check) {
        return latest(signatures, signature -> signature.getSignatureType() == type && check.holds(signature))
                .isPresent();
    }

    private static boolean holds(Check check, PGPSignature signature) {
        try {
            return check.holds(signature);
        } catch (PGPException | RuntimeException e) {
            // Of an algorithm that is not known, or damaged: as if it were not there.
            return false;
        }
    }
}

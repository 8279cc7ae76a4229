package tirl.daemon.pgp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.openpgp.PGPKeyPair;
import tirl.fwknop.access.Gpg;
import tirl.fwknop.access.Passphrase;

/**
 * The keys of a stanza: those that decrypt, unlocked, and those whose signature it believes.
 *
 * @param notes for the administrator, about keys that cannot be used
 */
record StanzaKeyRing(List<PGPKeyPair> unlocked, List<Certificate.Part> signers, List<String> notes) {
    StanzaKeyRing {
        unlocked = List.copyOf(unlocked);
        signers = List.copyOf(signers);
        notes = List.copyOf(notes);
    }

    static StanzaKeyRing of(KeyHome home, Gpg gpg, Instant now) throws KeyRingException {
        List<Certificate> certificates = home.certificates();
        List<String> notes = new ArrayList<>();
        return new StanzaKeyRing(
                decrypting(home, certificates, gpg, now, notes), signers(certificates, gpg, now, notes), notes);
    }

    private static List<PGPKeyPair> decrypting(
            KeyHome home, List<Certificate> certificates, Gpg gpg, Instant now, List<String> notes)
            throws KeyRingException {
        Certificate server = one(certificates, new KeyName(gpg.decryptId()), "GPG_DECRYPT_ID");
        List<PGPKeyPair> found = new ArrayList<>();
        for (Certificate.Part part : server.parts()) {
            if (part.encrypts() && !part.revoked()) {
                found.add(home.unlock(part.key(), gpg.passphrase().map(Passphrase::octets)));
                if (part.isExpired(now)) {
                    notes.add("GPG_DECRYPT_ID: key " + KeyName.fingerprint(part.key())
                            + " has expired; clients refuse to encrypt to it");
                }
            }
        }
        if (found.isEmpty()) {
            throw new KeyRingException("GPG_DECRYPT_ID: key " + gpg.decryptId()
                    + " is revoked, or has no part that encrypts; name another one");
        }
        return found;
    }

    private static List<Certificate.Part> signers(
            List<Certificate> certificates, Gpg gpg, Instant now, List<String> notes) throws KeyRingException {
        List<Certificate.Part> found = new ArrayList<>();
        if (gpg.signers().isEmpty()) {
            certificates.forEach(certificate -> certificate.parts().stream()
                    .filter(part -> part.signs() && !part.revoked())
                    .forEach(found::add));
            return found;
        }
        for (String signer : gpg.signers()) {
            KeyName name = new KeyName(signer);
            Certificate certificate = one(certificates, name, "GPG_REMOTE_ID or GPG_FINGERPRINT_ID");
            boolean whole = name.fits(certificate.primary())
                    || certificate.parts().stream().noneMatch(part -> name.fits(part.key()));
            List<Certificate.Part> usable = certificate.parts().stream()
                    .filter(part -> part.signs() && !part.revoked() && (whole || name.fits(part.key())))
                    .toList();
            if (usable.stream().allMatch(part -> part.isExpired(now))) {
                notes.add("key " + name + " may sign, but is revoked, has expired, or is not for signing");
            }
            found.addAll(usable);
        }
        return found;
    }

    private static Certificate one(List<Certificate> certificates, KeyName name, String variable)
            throws KeyRingException {
        List<Certificate> found = certificates.stream().filter(name::fits).toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new KeyRingException(
                found.isEmpty()
                        ? variable + ": no key " + name + " in the key ring; gpg --import it"
                        : variable + ": " + name + " is the name of " + found.size()
                                + " keys; write the whole fingerprint");
    }

    /** The keys that may have made a signature. */
    List<Certificate.Part> signers(long keyId) {
        return signers.stream().filter(part -> part.key().getKeyID() == keyId).toList();
    }

    /** The keys that a message to this identifier is for; it may hide whom it is for. */
    List<PGPKeyPair> recipients(long keyId) {
        return unlocked.stream()
                .filter(key -> keyId == 0 || key.getKeyID() == keyId)
                .toList();
    }
}

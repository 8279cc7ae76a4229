package tirl.fwknop.access;

import java.util.List;
import java.util.Optional;

/**
 * How a stanza takes messages that were encrypted with GnuPG.
 *
 * @param home the directory of the key ring, where the stanza names one
 * @param program the gpg binary, likewise
 * @param decryptId the server's key
 * @param passphrase of that key; empty for one without
 * @param requireSignature whether a message has to be signed
 * @param ignoreBadSignature whether a signature that does not verify is good enough
 * @param signers short key identifiers and fingerprints in upper case, one of which has to have signed; none for any
 */
public record Gpg(
        Optional<String> home,
        Optional<String> program,
        String decryptId,
        Optional<Passphrase> passphrase,
        boolean requireSignature,
        boolean ignoreBadSignature,
        List<String> signers) {
    public Gpg {
        signers = List.copyOf(signers);
    }
}

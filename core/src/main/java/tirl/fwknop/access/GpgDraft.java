package tirl.fwknop.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tirl.fwknop.access.StanzaDraft.Place;

/** The GPG_ variables of a stanza while it is being read. */
final class GpgDraft {
    private Optional<String> home = Optional.empty();
    private Optional<String> program = Optional.empty();
    private Optional<String> decryptId = Optional.empty();
    private Optional<Passphrase> passphrase = Optional.empty();
    private boolean noPassphrase;
    private boolean disableSignature;
    private boolean ignoreBadSignature;
    private final List<String> signers = new ArrayList<>();

    /** Takes one line; false when it is about something else. */
    boolean setting(Place place, String name, String value) {
        switch (name) {
            case "GPG_HOME_DIR" -> home = Optional.of(value);
            case "GPG_EXE" -> program = Optional.of(value);
            case "GPG_DECRYPT_ID" -> decryptId = Optional.of(value);
            case "GPG_DECRYPT_PW" -> {
                if (value.equals("__CHANGEME__")) {
                    place.error("the pass-phrase is still __CHANGEME__; put in that of the key");
                }
                passphrase = Optional.of(new Passphrase(place.line().value()));
            }
            case "GPG_ALLOW_NO_PW" -> noPassphrase = place.flag(value);
            case "GPG_REQUIRE_SIG" -> {
                if (!place.flag(value)) {
                    place.warn("signatures are required all the same; GPG_DISABLE_SIG Y does without");
                }
            }
            case "GPG_DISABLE_SIG" -> disableSignature = place.flag(value);
            case "GPG_IGNORE_SIG_VERIFY_ERROR" -> {
                ignoreBadSignature = place.flag(value);
                if (ignoreBadSignature) {
                    place.warn(
                            "a signature that does not verify is good enough: whoever has the server's public key gets in");
                }
            }
            case "GPG_REMOTE_ID", "GPG_FINGERPRINT_ID" -> {
                for (String id : value.split(",", -1)) {
                    signers.add(id.strip().replace(" ", "").toUpperCase(Locale.ROOT));
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    Optional<Gpg> finish(Place place) {
        if (decryptId.isEmpty()) {
            return Optional.empty();
        }
        if (passphrase.isEmpty() && !noPassphrase) {
            place.error("GPG_DECRYPT_ID needs GPG_DECRYPT_PW, or GPG_ALLOW_NO_PW Y for a key without a pass-phrase");
            return Optional.empty();
        }
        if (signers.isEmpty() && !disableSignature) {
            place.error("who may sign is not said; add GPG_FINGERPRINT_ID with the fingerprints of your users' keys");
        }
        return Optional.of(new Gpg(
                home,
                program,
                decryptId.get(),
                noPassphrase ? Optional.empty() : passphrase,
                !disableSignature,
                ignoreBadSignature,
                signers.contains("ANY") ? List.of() : signers));
    }
}

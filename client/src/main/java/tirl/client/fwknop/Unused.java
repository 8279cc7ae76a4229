package tirl.client.fwknop;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is said and does nothing, or less than it seems to: nothing is passed over in silence. */
public final class Unused {
    private static final List<Variable> GNUPG = List.of(
            Variable.USE_GPG_AGENT,
            Variable.GPG_RECIPIENT,
            Variable.GPG_SIGNER,
            Variable.GPG_HOMEDIR,
            Variable.GPG_EXE,
            Variable.GPG_SIGNING_PW,
            Variable.GPG_SIGNING_PW_BASE64,
            Variable.GPG_NO_SIGNING_PW);

    private Unused() {}

    /** For the user, one sentence each. */
    public static List<String> of(Values values) {
        List<String> notes = new ArrayList<>();
        if (values.get(Variable.WGET_CMD).isPresent()) {
            notes.add("--wget-cmd (WGET_CMD) does nothing: this host's address is asked for without wget");
        }
        if (values.isYes(Variable.USE_WGET_USER_AGENT)) {
            notes.add(
                    "--use-wget-user-agent (USE_WGET_USER_AGENT) does nothing: there is no wget; --user-agent is sent");
        }
        if (values.isYes(Variable.RESOLVE_HTTP_ONLY)) {
            notes.add("--resolve-http-only (RESOLVE_HTTP_ONLY) does nothing: --resolve-url says http or https itself");
        }
        if (Gnupg.isWanted(values)) {
            ofGnupg(values, notes);
        } else {
            Stream<Variable> given =
                    GNUPG.stream().filter(variable -> values.get(variable).isPresent());
            given.forEach(variable -> notes.add(variable + " does nothing without USE_GPG Y (-g)"));
        }
        return notes;
    }

    private static void ofGnupg(Values values, List<String> notes) {
        values.get(Variable.ENCRYPTION_MODE)
                .filter(mode -> !Gnupg.isItsMode(mode))
                .ifPresent(mode -> notes.add("the mode " + mode + " does nothing with GnuPG"));
        if (values.get(Variable.GPG_SIGNER).isEmpty()) {
            notes.add(
                    "the packet is not signed, and a server takes it only with GPG_REQUIRE_SIG N: --gpg-signer-key KEY");
        }
    }
}

package tirl.cli;

import picocli.CommandLine.Option;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;

/** The options of fwknop's client for GnuPG. Each of them switches it on. */
final class FwknopGnupg {
    private final Values values = new Values();

    /** What was said, and nothing more. */
    Values values() {
        return values;
    }

    @Option(
            names = {"-g", "--gpg-encryption"},
            description = "encrypt with GnuPG, by the gpg of this machine")
    void encryption(boolean given) {
        if (given) {
            set(Variable.USE_GPG, "Y");
        }
    }

    @Option(
            names = "--gpg-recipient-key",
            paramLabel = "KEY",
            description = "the server's key: its name or fingerprint")
    void recipient(String value) {
        set(Variable.GPG_RECIPIENT, value);
    }

    @Option(names = "--gpg-signer-key", paramLabel = "KEY", description = "your key, to sign with")
    void signer(String value) {
        set(Variable.GPG_SIGNER, value);
    }

    @Option(names = "--gpg-home-dir", paramLabel = "DIR", description = "where gpg has both; default: as gpg")
    void home(String value) {
        set(Variable.GPG_HOMEDIR, value);
    }

    @Option(names = "--gpg-exe", paramLabel = "PATH", description = "the gpg to run; default: gpg")
    void program(String value) {
        set(Variable.GPG_EXE, value);
    }

    @Option(names = "--gpg-agent", description = "gpg-agent has the pass-phrase of your key, or asks for it")
    void agent(boolean given) {
        if (given) {
            set(Variable.USE_GPG_AGENT, "Y");
        }
    }

    @Option(names = "--gpg-no-signing-pw", description = "your key has no pass-phrase; nobody is asked")
    void withoutPassphrase(boolean given) {
        if (given) {
            set(Variable.GPG_NO_SIGNING_PW, "Y");
        }
    }

    private void set(Variable variable, String value) {
        values.set(Variable.USE_GPG, "Y");
        values.set(variable, value);
    }
}

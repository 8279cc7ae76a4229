package tirl.daemon.pgp;

/** Why a message is not taken. */
public enum PgpRefusal {
    STANZA("no keys were loaded for this stanza"),
    LONG("longer than any packet of fwknop"),
    FORMAT("not an OpenPGP message as gpg makes them"),
    RECIPIENT("encrypted to another key"),
    DECRYPTION("does not decrypt"),
    UNPROTECTED("encrypted without protection of its integrity (MDC or AEAD)"),
    MODIFIED("modified on its way"),
    INFLATED("decompresses to more than any packet of fwknop holds"),
    UNSIGNED("not signed, and the stanza asks for it"),
    SIGNATURES("signed more than once"),
    SIGNER("signed by a key that is not in the stanza's list, or in no key ring"),
    SIGNER_EXPIRED("signed by a key that has expired"),
    SIGNATURE_EXPIRED("its signature has expired"),
    SIGNATURE("its signature is wrong, or of a kind that is not taken");

    private final String text;

    PgpRefusal(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}

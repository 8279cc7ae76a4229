package tirl.fwknop;

/** Why a packet is not opened, in the order of the checks. */
public enum Refusal {
    HTTP("not an HTTP request that carries a packet"),
    LENGTH("not the length of a packet"),
    HEAD("begins with what senders cut off"),
    ALPHABET("not base64"),
    HMAC("the HMAC is wrong: another key or another HMAC type, or damaged on the way"),
    CIPHERTEXT("not the one spelling of a salted ciphertext"),
    RANDOM("no random number of 16 digits: another key or encryption mode, or damaged on the way"),
    TEXT("contains something else than printable ASCII"),
    FIELDS("not the number of fields of its message type"),
    DIGEST("the inner digest is wrong"),
    USER("the user name is malformed or longer than 48 characters"),
    TIME("the time is no number of at most 12 digits"),
    VERSION("the version is empty or longer than 8 characters"),
    TYPE("there is no such message type"),
    MESSAGE("the message is malformed"),
    NAT("the NAT target is malformed"),
    AUTH("the server authentication is malformed"),
    TIMEOUT("the timeout is no number from 0 to 65536");

    private final String text;

    Refusal(String text) {
        this.text = text;
    }

    /** For people. */
    public String text() {
        return text;
    }
}

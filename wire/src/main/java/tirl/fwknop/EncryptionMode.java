package tirl.fwknop;

import java.util.Arrays;
import java.util.Optional;

/** How AES-256 is used (section 4.2). Not on the wire: both ends have to agree. */
public enum EncryptionMode {
    CBC("CBC", "AES/CBC/NoPadding"),
    ECB("ECB", "AES/ECB/NoPadding"),
    CFB("CFB", "AES/CFB/NoPadding"),
    OFB("OFB", "AES/OFB/NoPadding"),
    CTR("CTR", "AES/CTR/NoPadding"),
    /** CBC with the key rule of the time before 2.5: short keys are filled up with the digit 0, long ones cut. */
    LEGACY("legacy", "AES/CBC/NoPadding");

    private final String text;
    private final String transformation;

    EncryptionMode(String text, String transformation) {
        this.text = text;
        this.transformation = transformation;
    }

    /** As fwknop's files and options name it, in any case. */
    public static Optional<EncryptionMode> named(String text) {
        return Arrays.stream(values())
                .filter(mode -> mode.text.equalsIgnoreCase(text))
                .findFirst();
    }

    /** The name in fwknop's files and options. */
    public String text() {
        return text;
    }

    String transformation() {
        return transformation;
    }
}

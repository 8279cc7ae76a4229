package tirl.daemon.pgp;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.openpgp.PGPPublicKey;

/** What access.conf calls a key: the last eight or sixteen digits of its fingerprint, the whole, or a part of its user name. */
final class KeyName {
    private final String digits;
    private final String text;

    KeyName(String name) {
        text = name.strip();
        String bare = text.replace(" ", "").toUpperCase(Locale.ROOT);
        String hex = bare.startsWith("0X") ? bare.substring(2) : bare;
        digits = hex.matches("[0-9A-F]{8}|[0-9A-F]{16}|[0-9A-F]{40}|[0-9A-F]{64}") ? hex : "";
    }

    /** Whether it is this very key or subkey. */
    boolean fits(PGPPublicKey key) {
        return !digits.isEmpty() && fingerprint(key).endsWith(digits);
    }

    /** Whether it is this key, one of its subkeys or its owner. */
    boolean fits(Certificate certificate) {
        if (fits(certificate.primary()) || certificate.parts().stream().anyMatch(part -> fits(part.key()))) {
            return true;
        }
        List<String> ids = certificate.userIds();
        String wanted = text.toLowerCase(Locale.ROOT);
        return digits.isEmpty()
                && !text.isEmpty()
                && ids.stream().anyMatch(id -> id.toLowerCase(Locale.ROOT).contains(wanted));
    }

    /** As gpg prints it. */
    static String fingerprint(PGPPublicKey key) {
        return HexFormat.of().withUpperCase().formatHex(key.getFingerprint());
    }

    @Override
    public String toString() {
        return text;
    }
}

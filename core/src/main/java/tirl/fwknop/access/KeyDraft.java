package tirl.fwknop.access;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tirl.fwknop.CipherKey;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.HmacKey;

/** The keys of a stanza while it is being read: the last one of a kind counts, in whichever form. */
final class KeyDraft {
    private static final String PLACEHOLDER = "__CHANGEME__";
    /** Shorter pass-phrases are found by trial at the speed of MD5 by whoever recorded one packet. */
    private static final int SHORT_KEY = 16;

    private Optional<byte[]> cipher = Optional.empty();
    private Optional<byte[]> hmac = Optional.empty();
    private Optional<DigestType> type = Optional.empty();
    private EncryptionMode mode = EncryptionMode.CBC;
    private boolean asymmetric;

    /** Takes one line; false when it is about something else. */
    boolean setting(String file, ConfLine line, String name, List<Finding> findings) {
        switch (name) {
            case "KEY" ->
                cipher = plain(file, line, CipherKey.LONGEST, findings).or(() -> cipher);
            case "KEY_BASE64" ->
                cipher = base64(file, line, CipherKey.LONGEST, findings).or(() -> cipher);
            case "HMAC_KEY" ->
                hmac = plain(file, line, HmacKey.LONGEST, findings).or(() -> hmac);
            case "HMAC_KEY_BASE64" ->
                hmac = base64(file, line, HmacKey.LONGEST, findings).or(() -> hmac);
            case "HMAC_DIGEST_TYPE" -> {
                type = DigestType.named(line.trimmed());
                if (type.isEmpty()) {
                    findings.add(Finding.error(
                            file,
                            line.line(),
                            "\"" + line.trimmed()
                                    + "\" is no HMAC type; write sha256, md5, sha1, sha384, sha512, sha3_256 or"
                                    + " sha3_512"));
                }
            }
            case "ENCRYPTION_MODE" -> mode(file, line, findings);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void mode(String file, ConfLine line, List<Finding> findings) {
        String text = line.trimmed();
        asymmetric = text.equalsIgnoreCase("Asymmetric");
        Optional<EncryptionMode> named = EncryptionMode.named(text);
        if (named.isEmpty() && !asymmetric) {
            findings.add(Finding.error(
                    file,
                    line.line(),
                    "\"" + text + "\" is no encryption mode; write CBC, CTR, CFB, OFB, ECB, legacy or Asymmetric"));
        }
        mode = named.orElse(mode);
    }

    private static Optional<byte[]> plain(String file, ConfLine line, int longest, List<Finding> findings) {
        String key = line.value();
        if (isPlaceholder(file, line, findings)) {
            return Optional.empty();
        }
        if (!key.equals(key.stripTrailing())) {
            findings.add(Finding.warning(file, line.line(), "the blanks at the end are part of the key"));
        }
        return checked(file, line, key.getBytes(StandardCharsets.ISO_8859_1), longest, findings);
    }

    private static Optional<byte[]> base64(String file, ConfLine line, int longest, List<Finding> findings) {
        if (isPlaceholder(file, line, findings)) {
            return Optional.empty();
        }
        try {
            return checked(file, line, Base64.getDecoder().decode(line.trimmed()), longest, findings);
        } catch (IllegalArgumentException notBase64) {
            // The value itself is a secret, if a mistyped one.
            findings.add(Finding.error(
                    file, line.line(), "the value is no base64; take the line that fwknop --key-gen prints"));
            return Optional.empty();
        }
    }

    private static boolean isPlaceholder(String file, ConfLine line, List<Finding> findings) {
        if (!line.trimmed().equals(PLACEHOLDER)) {
            return false;
        }
        findings.add(Finding.error(
                file, line.line(), "the key is still " + PLACEHOLDER + "; put in what fwknop --key-gen prints"));
        return true;
    }

    private static Optional<byte[]> checked(
            String file, ConfLine line, byte[] key, int longest, List<Finding> findings) {
        if (key.length == 0 || key.length > longest) {
            findings.add(Finding.error(
                    file,
                    line.line(),
                    "the key has " + key.length + " bytes, and no fwknop client takes one of more than " + longest));
            return Optional.empty();
        }
        return Optional.of(key);
    }

    Optional<CipherKey> cipher(String file, int line, List<Finding> findings) {
        if (cipher.isEmpty()) {
            return Optional.empty();
        }
        if (hmac.isPresent() && Arrays.equals(cipher.get(), hmac.get())) {
            findings.add(Finding.error(
                    file, line, "the encryption key and the HMAC key are the same; make two with fwknop --key-gen"));
        }
        if (hmac.isEmpty()) {
            findings.add(Finding.warning(
                    file, line, "the stanza has no HMAC key: anything that decrypts is believed; add HMAC_KEY_BASE64"));
        }
        if (cipher.get().length < SHORT_KEY) {
            findings.add(Finding.warning(
                    file,
                    line,
                    "the key has " + cipher.get().length
                            + " bytes, which whoever records a packet can guess; make one with fwknop --key-gen"));
        }
        return Optional.of(new CipherKey(cipher.get(), mode));
    }

    Optional<HmacKey> hmac() {
        return hmac.map(key -> new HmacKey(key, type.orElse(DigestType.SHA256)));
    }

    /** Whether a type was given without a key. */
    boolean hasIdleType() {
        return type.isPresent() && hmac.isEmpty();
    }

    boolean isAsymmetric() {
        return asymmetric;
    }
}

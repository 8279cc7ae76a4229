package tirl.lab;

import java.util.Optional;
import java.util.stream.Stream;
import tirl.client.fwknop.Keys;

/**
 * A stanza of the matrix, and the client's options for it.
 *
 * @param text of access.conf, beginning with SOURCE
 * @param line of SOURCE
 * @param options for a shell
 */
record FwknopStanza(String name, String text, int line, String options) {
    /** FW_ACCESS_TIMEOUT of them all. */
    static final int SECONDS = 3_000;

    private static final String COMMON =
            "SOURCE ANY\nENABLE_CMD_EXEC Y\nMAX_FW_TIMEOUT 3600\nFW_ACCESS_TIMEOUT " + SECONDS + "\n";

    static FwknopStanza rijndael(String mode, Optional<String> hmac, Keys keys, int line) {
        return new FwknopStanza(
                mode + " " + hmac.orElse("no HMAC"),
                COMMON + "KEY_BASE64 " + keys.cipher() + "\nENCRYPTION_MODE " + mode + "\n" + hmacLines(hmac, keys),
                line,
                "-M " + mode + " --key-base64-rijndael " + keys.cipher() + hmacOptions(hmac, keys));
    }

    static FwknopStanza gnupg(FwknopGnupg gnupg, boolean signed, Optional<String> hmac, Keys keys, int line) {
        return new FwknopStanza(
                (signed ? "GnuPG signed " : "GnuPG unsigned ") + hmac.orElse("no HMAC"),
                COMMON + gnupg.stanza(signed) + hmacLines(hmac, keys),
                line,
                gnupg.options(signed) + hmacOptions(hmac, keys));
    }

    private static String hmacLines(Optional<String> hmac, Keys keys) {
        return hmac.map(type -> "HMAC_KEY_BASE64 " + keys.hmac() + "\nHMAC_DIGEST_TYPE " + type + "\n")
                .orElse("");
    }

    private static String hmacOptions(Optional<String> hmac, Keys keys) {
        return hmac.map(type -> " --key-base64-hmac " + keys.hmac() + " --hmac-digest-type " + type)
                .orElse("");
    }

    /** The keys in it. */
    Stream<String> secrets() {
        return text.lines().filter(line -> line.contains("KEY_BASE64 ")).map(line -> line.split(" ", 2)[1]);
    }

    String label() {
        return "fwknop:access.conf:" + line;
    }

    @Override
    public String toString() {
        return name;
    }
}

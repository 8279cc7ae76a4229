package tirl.client.fwknop;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The variables of {@code .fwknoprc}; options of the command line set the same ones. In the order of a saved stanza. */
public enum Variable {
    DIGEST_TYPE,
    SPA_SERVER_PROTO,
    SPA_SERVER_PORT,
    SPA_SOURCE_PORT,
    FW_TIMEOUT,
    ALLOW_IP,
    TIME_OFFSET,
    ENCRYPTION_MODE,
    USE_GPG,
    USE_GPG_AGENT,
    GPG_RECIPIENT,
    GPG_SIGNER,
    GPG_HOMEDIR,
    GPG_EXE,
    GPG_SIGNING_PW,
    GPG_SIGNING_PW_BASE64,
    GPG_NO_SIGNING_PW,
    SPOOF_USER,
    SPOOF_SOURCE_IP,
    ACCESS,
    SPA_SERVER,
    RAND_PORT,
    KEY,
    KEY_BASE64,
    KEY_FILE,
    HMAC_DIGEST_TYPE,
    HMAC_KEY,
    HMAC_KEY_BASE64,
    HMAC_KEY_FILE,
    USE_HMAC,
    NAT_ACCESS,
    NAT_LOCAL,
    NAT_PORT,
    NAT_RAND_PORT,
    HTTP_USER_AGENT,
    USE_WGET_USER_AGENT,
    RESOLVE_URL,
    RESOLVE_IP_HTTP,
    RESOLVE_IP_HTTPS,
    RESOLVE_HTTP_ONLY,
    WGET_CMD,
    SERVER_RESOLVE_IPV4,
    NO_SAVE_ARGS,
    VERBOSE;

    /** Of each of these only the last that was said counts: a key on the command line is not beaten by one in a file. */
    private static final List<List<Variable>> ALTERNATIVES = List.of(
            List.of(KEY, KEY_BASE64, KEY_FILE, GPG_SIGNING_PW, GPG_SIGNING_PW_BASE64),
            List.of(HMAC_KEY, HMAC_KEY_BASE64, HMAC_KEY_FILE),
            List.of(NAT_PORT, NAT_RAND_PORT),
            List.of(SPA_SERVER_PORT, RAND_PORT));

    private static final List<Variable> SECRETS =
            List.of(KEY, KEY_BASE64, HMAC_KEY, HMAC_KEY_BASE64, GPG_SIGNING_PW, GPG_SIGNING_PW_BASE64);

    /** In any case, as fwknop reads it. */
    static Optional<Variable> named(String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(variable -> variable.name().equals(upper))
                .findFirst();
    }

    /** Whether the value is a secret, not to be shown. */
    boolean isSecret() {
        return SECRETS.contains(this);
    }

    /** Itself and what it takes the place of. */
    List<Variable> alternatives() {
        return ALTERNATIVES.stream()
                .filter(group -> group.contains(this))
                .findFirst()
                .orElse(List.of(this));
    }
}

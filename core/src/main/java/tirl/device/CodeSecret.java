package tirl.device;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tirl.config.NotationException;
import tirl.spa.Base32;

/** The secret of a second factor (RFC 6238, HMAC-SHA1, 6 digits, 30 s: what every authenticator app takes). */
public final class CodeSecret {
    /** As RFC 4226 recommends, in octets. */
    public static final int LENGTH = 20;

    private static final String ALGORITHM = "HmacSHA1";
    private static final int STEP_SECONDS = 30;
    private static final int CODES = 1_000_000;
    /** How many steps the clock of the app may be off, either way (RFC 6238 section 5.2). */
    private static final int DRIFT = 1;

    private final byte[] bytes;

    public CodeSecret(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a secret of " + bytes.length + " octets");
        }
        this.bytes = bytes.clone();
    }

    /** Base32 as apps show it: case, blanks and padding do not matter. */
    public static CodeSecret parse(String text) throws NotationException {
        String packed = text.replaceAll("[\\s=]", "").toUpperCase(Locale.ROOT);
        // Not the text itself: it may be all but one letter of a secret.
        return new CodeSecret(Base32.decode(packed)
                .filter(read -> read.length == LENGTH)
                .orElseThrow(() -> new NotationException(
                        "the secret for one-time codes has to be " + LENGTH + " octets: 32 letters of base32")));
    }

    /** A copy, for the store; the caller wipes it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The notation that {@link #parse} reads. A secret. */
    public String text() {
        return Base32.encode(bytes);
    }

    /** What authenticator apps scan. A secret. */
    public String uri(String device, String server) {
        return "otpauth://totp/" + escaped(server) + ":" + escaped(device) + "?secret=" + text() + "&issuer="
                + escaped(server) + "&algorithm=SHA1&digits=6&period=" + STEP_SECONDS;
    }

    /**
     * The step that this code is of, one step early or late included; empty for a wrong code. Takes the same time for
     * every code.
     *
     * @param first codes of steps before it are used up
     */
    public OptionalLong step(int code, Instant now, long first) {
        long current = Math.floorDiv(now.getEpochSecond(), (long) STEP_SECONDS);
        long found = -1;
        for (long step = current - DRIFT; step <= current + DRIFT; step++) {
            int difference = code(step) ^ code;
            // All ones when they are the same: no branch tells how near a guess was.
            long same = (((long) difference - 1) & ~(long) difference) >> (Long.SIZE - 1);
            long usable = step >= first ? same : 0;
            found = (found & ~usable) | (step & usable);
        }
        return found < 0 ? OptionalLong.empty() : OptionalLong.of(found);
    }

    /** The code of a step: RFC 4226 section 5.3. */
    int code(long step) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes, ALGORITHM));
            byte[] hash =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int offset = hash[hash.length - 1] & 0xf;
            return (ByteBuffer.wrap(hash).getInt(offset) & Integer.MAX_VALUE) % CODES;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK 25 has " + ALGORITHM, e);
        }
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodeSecret secret && Arrays.equals(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "CodeSecret";
    }
}

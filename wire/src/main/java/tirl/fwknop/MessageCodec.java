package tirl.fwknop;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The fields of a message (section 2) and their inner digest (section 3). */
public final class MessageCodec {
    static final int RANDOM_DIGITS = 16;

    private static final int MOST_FIELDS = 10;
    private static final int FEWEST_FIELDS = 7;
    private static final int LONGEST_USER_FIELD = 64;
    private static final int LONGEST_FIELD = 256;
    private static final int LONGEST_TIME = 12;
    private static final int LONGEST_VERSION = 8;
    private static final int LONGEST_TIMEOUT = 65_536;
    private static final String NOT_IN_USER = "\"/\\[]:;|=,+*?<>";

    private MessageCodec() {}

    /** The text to encrypt. What {@link #decode} would refuse is written all the same; {@link Envelope} looks. */
    static byte[] encode(SpaMessage message) {
        List<String> fields = new ArrayList<>(List.of(
                message.random(),
                Base64Text.encode(message.user()),
                Long.toString(message.timeSeconds()),
                message.version(),
                Integer.toString(message.type().number()),
                Base64Text.encode(RequestText.write(message.request()))));
        OptionalInt timeout = OptionalInt.empty();
        if (message.request() instanceof SpaRequest.Access access) {
            access.target().ifPresent(target -> fields.add(Base64Text.encode(target.toString())));
            timeout = access.timeoutSeconds();
        }
        message.serverAuth().ifPresent(auth -> fields.add(Base64Text.encode(auth)));
        timeout.ifPresent(seconds -> fields.add(Integer.toString(seconds)));
        byte[] covered = String.join(":", fields).getBytes(StandardCharsets.US_ASCII);
        String whole = new String(covered, StandardCharsets.US_ASCII) + ":"
                + message.digest().digest(covered, covered.length);
        return whole.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads a decrypted text, which may be anything: that of another key, and with GnuPG that of any member. */
    public static MessageResult decode(byte[] plain) {
        if (!hasRandom(plain)) {
            return refused(Refusal.RANDOM);
        }
        for (byte octet : plain) {
            if (octet < ' ' || octet > '~') {
                return refused(Refusal.TEXT);
            }
        }
        List<String> fields = Arrays.asList(new String(plain, StandardCharsets.US_ASCII).split(":", MOST_FIELDS + 1));
        if (fields.size() < FEWEST_FIELDS || fields.size() > MOST_FIELDS) {
            return refused(Refusal.FIELDS);
        }
        String digest = fields.getLast();
        Optional<DigestType> type = DigestType.match(plain, plain.length - digest.length() - 1, digest);
        if (type.isEmpty()) {
            return refused(Refusal.DIGEST);
        }
        return header(fields.subList(0, fields.size() - 1), type.get());
    }

    /** Looked at first: with another key it holds for one text in 10^27. */
    private static boolean hasRandom(byte[] plain) {
        if (plain.length <= RANDOM_DIGITS || plain[RANDOM_DIGITS] != ':') {
            return false;
        }
        for (int i = 0; i < RANDOM_DIGITS; i++) {
            if (plain[i] < '0' || plain[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private static MessageResult header(List<String> fields, DigestType digest) {
        Optional<String> user = text(fields.get(1), LONGEST_USER_FIELD).filter(MessageCodec::isUser);
        if (user.isEmpty()) {
            return refused(Refusal.USER);
        }
        String time = fields.get(2);
        if (!RequestText.isNumber(time, LONGEST_TIME)) {
            return refused(Refusal.TIME);
        }
        String version = fields.get(3);
        if (version.isEmpty() || version.length() > LONGEST_VERSION) {
            return refused(Refusal.VERSION);
        }
        Optional<MessageType> type = MessageType.of(fields.get(4));
        if (type.isEmpty()) {
            return refused(Refusal.TYPE);
        }
        Optional<String> message = text(fields.get(5), LONGEST_FIELD);
        if (message.isEmpty()) {
            return refused(Refusal.MESSAGE);
        }
        return tail(
                fields.subList(6, fields.size()),
                type.get(),
                message.get(),
                (request, auth) -> new SpaMessage(
                        fields.getFirst(), user.get(), Long.parseLong(time), version, request, auth, digest));
    }

    /** Makes the message once the fields that depend on its type are read. */
    private interface Finish {
        SpaMessage with(SpaRequest request, Optional<String> serverAuth);
    }

    private static MessageResult tail(List<String> rest, MessageType type, String message, Finish finish) {
        int needed = (type.hasNat() ? 1 : 0) + (type.hasTimeout() ? 1 : 0);
        if (rest.size() < needed || rest.size() > needed + 1) {
            return refused(Refusal.FIELDS);
        }
        Optional<NatTarget> target = Optional.empty();
        if (type.hasNat()) {
            target = text(rest.getFirst(), LONGEST_FIELD)
                    .flatMap(text -> RequestText.readTarget(text, type.isLocalNat()));
            if (target.isEmpty()) {
                return refused(Refusal.NAT);
            }
        }
        OptionalInt timeout = OptionalInt.empty();
        if (type.hasTimeout()) {
            timeout = RequestText.number(rest.getLast(), 0, LONGEST_TIMEOUT);
            if (timeout.isEmpty()) {
                return refused(Refusal.TIMEOUT);
            }
        }
        Optional<String> auth = Optional.empty();
        if (rest.size() > needed) {
            auth = text(rest.get(type.hasNat() ? 1 : 0), LONGEST_FIELD);
            if (auth.isEmpty()) {
                return refused(Refusal.AUTH);
            }
        }
        Optional<SpaRequest> request = type == MessageType.COMMAND
                ? RequestText.readCommand(message)
                : RequestText.readAccess(message, target, timeout);
        Optional<String> serverAuth = auth;
        return request.<MessageResult>map(read -> new MessageResult.Decoded(finish.with(read, serverAuth)))
                .orElseGet(() -> refused(Refusal.MESSAGE));
    }

    /** What a base64 field says; empty when it is too long, no canonical base64, nothing, or not printable ASCII. */
    private static Optional<String> text(String field, int longest) {
        if (field.isEmpty() || field.length() > longest) {
            return Optional.empty();
        }
        return Base64Text.decode(field)
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .filter(text -> text.chars().allMatch(c -> c >= ' ' && c <= '~'));
    }

    private static boolean isUser(String user) {
        return user.chars().noneMatch(c -> NOT_IN_USER.indexOf(c) >= 0);
    }

    private static MessageResult refused(Refusal reason) {
        return new MessageResult.Refused(reason);
    }
}

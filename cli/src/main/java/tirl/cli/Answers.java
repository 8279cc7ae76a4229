package tirl.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tirl.client.profile.Profile;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Heard;
import tirl.client.spa.SpaKnock;
import tirl.config.Notation;
import tirl.packet.Address;

/** Waits for sealed answers and shows them. */
record Answers(Output output, Profile profile) {
    private static final Duration AFTER_YES = Duration.ofMillis(500);

    /**
     * Sends a request until it is answered.
     *
     * @return the exit code: 0 when something was granted or closed
     * @throws IOException when nobody answers, or the answer is no
     */
    int ask(SpaKnock knock, Duration patience) throws IOException, ProfileException {
        knock.ask(patience, AFTER_YES);
        List<Heard> yes = knock.yes();
        if (yes.isEmpty()) {
            throw new IOException(profile.host() + ": " + why(knock, patience));
        }
        output.print(
                knock.heard().stream().map(Answers::fields).toList(),
                _ -> yes.stream()
                        .map(Answers::text)
                        .distinct()
                        .forEach(text -> output.line("%s: %s", profile.host(), text)));
        return 0;
    }

    private static String why(SpaKnock knock, Duration patience) throws IOException, ProfileException {
        Optional<Heard> last = knock.heard().stream().reduce((_, later) -> later);
        return last.map(no -> "denied: " + no.reason())
                .orElse("no answer within " + Notation.write(patience) + " after " + knock.sent() + " packets: "
                        + knock.silence());
    }

    /** One answer in words, such as {@code granted for 2h to 192.0.2.7}. */
    static String text(Heard heard) {
        return switch (heard.answer().decision()) {
            case GRANTED, REHEARSED ->
                heard.answer().decision().text() + " for "
                        + Notation.write(Duration.ofSeconds(
                                Integer.toUnsignedLong(heard.answer().seconds()))) + " to "
                        + heard.answer().observed();
            case CLOSED -> "closed for " + heard.answer().observed();
            case REGISTERED -> "registered";
            case TOO_OLD,
                    FROM_THE_FUTURE,
                    BEFORE_START,
                    WRONG_ADDRESS,
                    UNKNOWN_SERVICE,
                    SERVICE_NOT_ALLOWED,
                    NETWORK_NOT_ALLOWED,
                    HOUR_NOT_ALLOWED,
                    TOO_MANY_LEASES,
                    WRONG_CODE,
                    MODE_NOT_ALLOWED,
                    SERVER_FAILED -> "denied: " + heard.reason();
        };
    }

    static Map<String, Object> fields(Heard heard) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", Address.of(heard.at()).toString());
        fields.put("yes", heard.isYes());
        fields.put(
                "decision",
                heard.answer().decision().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        fields.put("text", text(heard));
        fields.put("seconds", Integer.toUnsignedLong(heard.answer().seconds()));
        fields.put("observed", heard.answer().observed().toString());
        fields.put("observed-port", heard.answer().port());
        fields.put("round-trip-ms", heard.roundTrip().toMillis());
        fields.put("skew-ms", heard.skewMs());
        return fields;
    }
}

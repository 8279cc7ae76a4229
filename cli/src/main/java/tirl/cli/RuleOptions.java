package tirl.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a device may do, as options. The daemon checks what they say. */
final class RuleOptions {
    private static final String NONE = "none";

    @Option(
            names = {"-s", "--service"},
            paramLabel = "SERVICE",
            description = "what it may open, a service of the configuration; may be repeated. The first three are what "
                    + "it gets when it names none")
    private @Nullable List<String> services;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            description = "its longest lease, such as 30m or 2h; also what it gets when it does not say (usual: 2h)")
    private @Nullable String longest;

    @Option(
            names = "--from",
            paramLabel = "NETWORK",
            split = ",",
            description = "its addresses must be in this network, such as 10.0.0.0/8 or 2001:db8::/32; may be repeated "
                    + "(usual: none, which is everywhere)")
    private @Nullable List<String> from;

    @Option(
            names = "--hours",
            paramLabel = "HOURS",
            description = "when it may knock, by the server's clock: \"mon-fri 08:00-18:00\", \"daily 22:00-06:00\"; "
                    + "may be repeated (usual: none, which is always)")
    private @Nullable List<String> hours;

    @Option(
            names = "--leases",
            paramLabel = "N",
            description = "how many it may have at once; IPv4 and IPv6 of one service are one (usual: 8)")
    private @Nullable Integer leases;

    @Option(
            names = "--address",
            paramLabel = "MODE",
            split = ",",
            description = "whom it may open for: observed, claimed, equal, dual (usual: all of them)")
    private @Nullable List<String> address;

    @Option(
            names = "--until",
            paramLabel = "DATE",
            converter = UntilConverter.class,
            description = "its end: 2027-01-31 (that day included), 2027-01-31T18:00 by this host's clock, or never")
    private @Nullable String until;

    @Option(
            names = "--classical",
            negatable = true,
            description = "whether it may use packets without ML-KEM (usual: it may)")
    private @Nullable Boolean classical;

    /** What was said, by the names of the control requests. */
    Map<String, Object> rules() {
        Map<String, Object> rules = new LinkedHashMap<>();
        put(rules, "services", services);
        put(rules, "from", orNone(from));
        put(rules, "hours", orNone(hours));
        put(rules, "longest", longest);
        put(rules, "leases", leases);
        put(
                rules,
                "address",
                address == null
                        ? null
                        : address.stream()
                                .map(mode -> mode.toLowerCase(Locale.ROOT))
                                .toList());
        put(rules, "until", until);
        put(rules, "classical", classical);
        return rules;
    }

    private static @Nullable List<String> orNone(@Nullable List<String> values) {
        return values != null && values.equals(List.of(NONE)) ? List.of() : values;
    }

    private static void put(Map<String, Object> rules, String key, @Nullable Object value) {
        Optional.ofNullable(value).ifPresent(known -> rules.put(key, known));
    }

    /** A date as people write it, to an instant in ISO 8601. */
    static final class UntilConverter implements ITypeConverter<String> {
        /** picocli makes it. */
        UntilConverter() {}

        @Override
        public String convert(String text) {
            if (text.equals("never")) {
                return "";
            }
            ZoneId zone = ZoneId.systemDefault();
            try {
                Instant end;
                if (text.indexOf('T') < 0) {
                    end = LocalDate.parse(text).plusDays(1).atStartOfDay(zone).toInstant();
                } else if (text.endsWith("Z")) {
                    end = Instant.parse(text);
                } else {
                    end = LocalDateTime.parse(text).atZone(zone).toInstant();
                }
                return end.toString();
            } catch (DateTimeException e) {
                throw new TypeConversionException(
                        "\"" + text + "\" is no date; write 2027-01-31, 2027-01-31T18:00 or never");
            }
        }
    }
}

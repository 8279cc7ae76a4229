package tirl.fwknop.access;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tirl.door.ServicePort;

/** A stanza while it is being read: a repeated variable replaces what was before. */
final class StanzaDraft {
    private static final Set<String> KEYS =
            Set.of("KEY", "KEY_BASE64", "HMAC_KEY", "HMAC_KEY_BASE64", "HMAC_DIGEST_TYPE", "ENCRYPTION_MODE");
    private static final int STANDARD_SECONDS = 30;
    private static final int STANDARD_MOST_SECONDS = 300;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("M/d/uuuu").withResolverStyle(ResolverStyle.STRICT);

    private final String file;
    private final int line;
    private final String sourceText;
    private final FwknopdConf conf;
    private final ZoneId zone;
    private final KeyDraft keys = new KeyDraft();
    private final GpgDraft gpg = new GpgDraft();
    private final NatDraft nat = new NatDraft();
    private final CommandDraft commands = new CommandDraft();
    private Networks destination = Networks.ANY;
    private Optional<List<ServicePort>> open = Optional.empty();
    private List<ServicePort> restricted = List.of();
    private int seconds = STANDARD_SECONDS;
    private int mostSeconds = STANDARD_MOST_SECONDS;
    private Optional<Instant> expires = Optional.empty();
    private Optional<String> user = Optional.empty();
    private boolean requireSource;

    StanzaDraft(String file, ConfLine source, FwknopdConf conf, ZoneId zone) {
        this.file = file;
        line = source.line();
        sourceText = source.trimmed();
        this.conf = conf;
        this.zone = zone;
    }

    static boolean isKey(String name) {
        return KEYS.contains(name);
    }

    /** Takes one line; false when stanzas have no such variable. */
    boolean setting(String from, ConfLine at, String name, List<Finding> findings) {
        String value = at.trimmed();
        Place place = new Place(from, at, findings);
        switch (name) {
            case "DESTINATION" -> destination = networks(place, value).orElse(destination);
            case "OPEN_PORTS" -> open = Optional.of(ports(place, value));
            case "RESTRICT_PORTS" -> restricted = ports(place, value);
            case "FW_ACCESS_TIMEOUT" -> seconds = seconds(place, value, STANDARD_SECONDS);
            case "MAX_FW_TIMEOUT" -> mostSeconds = seconds(place, value, STANDARD_MOST_SECONDS);
            case "REQUIRE_USERNAME" -> user = Optional.of(value);
            case "REQUIRE_SOURCE_ADDRESS", "REQUIRE_SOURCE" -> requireSource = place.flag(value);
            case "ACCESS_EXPIRE" -> date(place, value);
            case "ACCESS_EXPIRE_EPOCH" -> epoch(place, value);
            default -> {
                return keys.setting(from, at, name, findings)
                        || gpg.setting(place, name, value)
                        || nat.setting(place, name, value)
                        || commands.setting(place, name, value);
            }
        }
        return true;
    }

    /** Where a value stands, and where to say what is wrong with it. */
    record Place(String file, ConfLine line, List<Finding> findings) {
        void error(String message) {
            findings.add(Finding.error(file, line.line(), message));
        }

        void warn(String message) {
            findings.add(Finding.warning(file, line.line(), message));
        }

        boolean flag(String value) {
            if (!Values.isPlainFlag(value)) {
                warn("\"" + value + "\" is read as " + (Values.flag(value) ? "Y" : "N") + "; write Y or N");
            }
            return Values.flag(value);
        }
    }

    private static Optional<Networks> networks(Place place, String value) {
        Networks.Parsed parsed = Networks.parse(value);
        if (!parsed.problem().isEmpty()) {
            place.error(parsed.problem());
        }
        return parsed.networks();
    }

    private static List<ServicePort> ports(Place place, String value) {
        List<ServicePort> ports = new ArrayList<>();
        for (String entry : value.split(",", -1)) {
            String text = entry.strip();
            Optional<ServicePort> port = Values.port(text);
            if (port.isEmpty()) {
                place.error("\"" + text + "\" is no port; write tcp/22 or udp/53");
            } else {
                ports.add(port.get());
                if (!text.equalsIgnoreCase(port.get().toString())) {
                    place.warn("\"" + text + "\" is read as " + port.get() + "; list each port by itself");
                }
            }
        }
        return ports;
    }

    /** 0 and what is no number stand for the usual, as with fwknopd. */
    private static int seconds(Place place, String value, int standard) {
        long number = Values.number(value);
        if (number < 0 || number > Integer.MAX_VALUE) {
            place.error("\"" + value + "\" is no time; write seconds, such as " + standard);
            return standard;
        }
        int read = number == 0 ? standard : (int) number;
        if (!value.equals(Integer.toString(read))) {
            place.warn("\"" + value + "\" is read as " + read + " seconds");
        }
        return read;
    }

    private void date(Place place, String value) {
        try {
            expires =
                    Optional.of(LocalDate.parse(value, DATE).atStartOfDay(zone).toInstant());
        } catch (DateTimeException notADate) {
            place.error("\"" + value + "\" is no date; write month/day/year, such as 12/31/2030");
        }
    }

    private void epoch(Place place, String value) {
        if (!Values.isPlainNumber(value) || value.length() > 12) {
            place.error("\"" + value + "\" is no Unix time; write seconds since 1970, such as 1924905600");
            return;
        }
        expires = Optional.of(Instant.ofEpochSecond(Long.parseLong(value)));
    }

    /** Empty when it has an error. */
    Optional<Stanza> finish(List<Finding> findings) {
        int before = findings.size();
        Place place = new Place(file, new ConfLine(line, "SOURCE", sourceText), findings);
        Optional<Networks> source = networks(place, sourceText);
        StanzaKeys stanzaKeys = new StanzaKeys(keys.cipher(file, line, findings), keys.hmac(), gpg.finish(place));
        if (stanzaKeys.cipher().isEmpty() && stanzaKeys.gpg().isEmpty()) {
            place.error("the stanza has no keys; add KEY_BASE64 and HMAC_KEY_BASE64 as fwknop --key-gen prints them");
        }
        if (keys.hasIdleType()) {
            place.warn("HMAC_DIGEST_TYPE does nothing without an HMAC key");
        }
        if (keys.isAsymmetric() && stanzaKeys.gpg().isEmpty()) {
            place.warn("ENCRYPTION_MODE Asymmetric means GnuPG, and the stanza has no GPG_DECRYPT_ID");
        }
        if (!requireSource) {
            place.warn(
                    "without REQUIRE_SOURCE_ADDRESS Y whoever gets hold of a packet first can send it from his own address");
        }
        if (seconds > mostSeconds) {
            place.warn("FW_ACCESS_TIMEOUT is more than MAX_FW_TIMEOUT, which counts: " + mostSeconds + " seconds");
        }
        if (open.isPresent() && (conf.forwarding() || conf.localNat())) {
            place.warn("ports that NAT requests lead to have to be in OPEN_PORTS too; fwknopd does not look at them");
        }
        Optional<NatRules> natRules = nat.finish(place, conf);
        Optional<CommandRules> commandRules = commands.finish(place);
        boolean sound = findings.subList(before, findings.size()).stream().noneMatch(Finding::isError);
        return sound && natRules.isPresent() && commandRules.isPresent() && source.isPresent()
                ? Optional.of(new Stanza(
                        file,
                        line,
                        source.get(),
                        destination,
                        stanzaKeys,
                        new PortRules(open, restricted),
                        new TimeRules(seconds, mostSeconds, expires),
                        user,
                        requireSource,
                        natRules.get(),
                        commandRules.get()))
                : Optional.empty();
    }
}

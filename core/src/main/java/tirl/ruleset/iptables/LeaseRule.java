package tirl.ruleset.iptables;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.packet.Address;

/**
 * A lease on one port as a rule, for kernels without ipset. Its comment says when it ends and what it is called, so that
 * a restarted daemon knows both.
 *
 * @param endMillis since 1970, UTC: no other clock survives the daemon
 * @param stopSecond the last second of that clock in which the kernel lets the source in
 */
public record LeaseRule(Opening opening, String label, long endMillis, long stopSecond) {
    private static final Pattern LISTED = Pattern.compile(
            "-A " + IptablesRuleset.LEASES
                    + " -s ([0-9a-f.:]+)/(?:32|128) -p (tcp|udp) .*--dport (\\d+) .*--comment \"?tirl (\\d+) (\\d+) ([^ \"]*)\"? .*");
    private static final long SECOND = 1000;

    /**
     * The kernel compares whole seconds, and a rule fits to the end of its last one: that one is over before the lease
     * is. A lease too short for that ends up to a second late if nobody takes the rule away in time.
     */
    public static LeaseRule of(TimedOpening timed, long nowMillis) {
        long endMillis = nowMillis + timed.left().toMillis();
        boolean isShort = timed.left().toMillis() < 2 * SECOND;
        // iptables knows no date after the 32 bits of 2038.
        long stopSecond = Math.min(Integer.MAX_VALUE, isShort ? (endMillis - 1) / SECOND : endMillis / SECOND - 1);
        String label = timed.label().replaceAll("[^A-Za-z0-9._:/-]", "_");
        return new LeaseRule(timed.opening(), label, endMillis, stopSecond);
    }

    /** Reads a line of {@code iptables -S} or {@code ip6tables -S}; empty for what is no lease. */
    public static Optional<LeaseRule> parse(String line) {
        Matcher matcher = LISTED.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<Address> source = Address.parse(matcher.group(1));
        try {
            Opening opening = new Opening(
                    source.orElseThrow(() -> new NotationException(line)),
                    Notation.port(matcher.group(2) + "/" + matcher.group(3)));
            return Optional.of(new LeaseRule(
                    opening, matcher.group(6), Long.parseLong(matcher.group(4)), Long.parseLong(matcher.group(5))));
        } catch (NotationException | NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    public Duration left(long nowMillis) {
        return Duration.ofMillis(Math.max(0, endMillis - nowMillis));
    }

    /** @param kernelEnds whether the kernel has the match {@code time} */
    String text(boolean kernelEnds) {
        String stop = LocalDateTime.ofEpochSecond(stopSecond, 0, ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        // ISO 8601 leaves out seconds that are 0, and iptables does not like that.
        String full = stop.length() == "2026-01-01T00:00".length() ? stop + ":00" : stop;
        return "-A " + IptablesRuleset.LEASES + " -s " + opening.source() + IptablesRuleset.port(opening.port())
                + (kernelEnds ? " -m time --datestop " + full : "")
                + " -m comment --comment \"tirl " + endMillis + " " + stopSecond + " " + label + "\" -g "
                + IptablesRuleset.LEASED + "\n";
    }
}

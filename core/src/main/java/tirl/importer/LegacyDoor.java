package tirl.importer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import tirl.config.Notation;
import tirl.door.Door;
import tirl.door.ServicePort;
import tirl.fwknop.access.Ancestor;
import tirl.fwknop.access.ConfLine;
import tirl.importer.ImportLine.Fate;

/** A stanza with a knock sequence as a door: what fwknop 1.9 did with it, read in its program. */
final class LegacyDoor {
    private static final Duration LONGEST_WITHIN = Duration.ofHours(1);
    private static final Duration LONGEST_LEASE = Duration.ofDays(365);
    /** For access that 1.9 never took back: long enough for a working day, and an end all the same. */
    private static final Duration FOR_EVER = Duration.ofHours(12);

    private static final String RUN = """
            # better: ports in mixed order: a port scan in order opens this door, as it did fwknop's
            strict = false
            """;

    private static final int USUAL_INTERVAL = 60;
    private static final int USUAL_TIMEOUT = 300;

    private final LegacyStanza stanza;
    private final List<ImportLine> report;
    private final LegacyPorts sequence;
    private final LegacyPorts open;
    private final LegacyHooks hooks;

    LegacyDoor(LegacyStanza stanza, List<ImportLine> report) {
        this.stanza = stanza;
        this.report = report;
        sequence = LegacyPorts.of(stanza.text("SHARED_SEQUENCE").orElse(""));
        open = LegacyPorts.of(stanza.text("OPEN_PORTS").orElse(""));
        hooks = LegacyHooks.of(stanza, open.services());
    }

    /** The ports that have to be guarded for it: none when it is left out. */
    NavigableSet<ServicePort> ports() {
        return obstacle().isPresent() || hooks.isThere() ? new TreeSet<>() : open.services();
    }

    /** The section of the file: in comments when it cannot be as safe as it was. */
    String toml() {
        Optional<String> obstacle = obstacle();
        String name = "fwknop-" + stanza.number();
        say(
                stanza.line(),
                obstacle.isPresent() ? Fate.NOT_CONVERTIBLE : Fate.CONVERTED,
                obstacle.map(why -> "the sequence of this stanza is left out: " + why)
                        .orElse("SOURCE ANY: door \"" + name + "\", for IPv6 sources too"));
        stanza.lines().forEach(this::line);
        String door = "[[door]]\nname = " + Toml.string(name) + "\nsequence = " + Toml.list(sequence.steps())
                + "\nwithin = " + Toml.string(Notation.write(within())) + "\n"
                + (hooks.isThere() ? hooks.toml() : "opens = " + PortServices.names(open.services()) + "\n")
                + "for = " + Toml.string(Notation.write(lease())) + "\n"
                + (sequence.isRun() ? RUN : "")
                + "tolerate-repeat = false\n# better: tolerate-repeat = true, for retransmitted knocks\n";
        return obstacle.map(why -> "\n# Left out: " + Toml.comment(why) + "\n"
                        + door.replaceAll("(?m)^(?!#)", "# ").replaceAll("# $", ""))
                .orElse("\n" + door);
    }

    private Optional<String> obstacle() {
        if (sequence.steps().isEmpty() || !sequence.unread().isEmpty()) {
            return Optional.of("SHARED_SEQUENCE has no step, or one that is no port: write tcp/7000, udp/8000");
        }
        if (sequence.steps().size() > Door.MAX_STEPS) {
            return Optional.of("tirl takes at most " + Door.MAX_STEPS + " steps");
        }
        if (hooks.problem().isPresent()) {
            return hooks.problem();
        }
        if (open.services().isEmpty() && !hooks.isThere()) {
            return Optional.of("OPEN_PORTS has no TCP and no UDP port");
        }
        if (stanza.is("ENABLE_FORWARD_ACCESS")) {
            return Optional.of("with ENABLE_FORWARD_ACCESS a knock sequence opened nothing; `forward` of a [[service]]"
                    + " passes connections on");
        }
        if (!stanza.isForEverybody()) {
            return Optional.of("SOURCE " + stanza.source()
                    + ": a door opens to whoever knows its sequence, from everywhere; take the comment signs away if that will do,"
                    + " or let tirl's devices in (`tirl invite`), which can have networks");
        }
        return Optional.empty();
    }

    private void say(int line, Fate fate, String text) {
        boolean comment =
                line != stanza.line() && fate == Fate.CONVERTED && obstacle().isPresent();
        report.add(new ImportLine(
                stanza.file(), line, comment ? Fate.NOT_CONVERTIBLE : fate, comment ? "in a comment: " + text : text));
    }

    private Duration within() {
        int interval = Math.max(1, stanza.number("KNOCK_INTERVAL").orElse(USUAL_INTERVAL));
        long between = stanza.number("MAX_TIME_DIFF").orElse(interval);
        long seconds = Math.clamp(
                between * Math.max(1, sequence.steps().size() - 1), 1, Math.min(interval, LONGEST_WITHIN.toSeconds()));
        return Duration.ofSeconds(seconds);
    }

    private Duration lease() {
        int seconds = stanza.number("FW_ACCESS_TIMEOUT")
                .or(() -> stanza.number("MAX_ACCESS_TIMEOUT"))
                .orElse(USUAL_TIMEOUT);
        return seconds == 0 ? FOR_EVER : Duration.ofSeconds(Math.min(seconds, LONGEST_LEASE.toSeconds()));
    }

    private void line(ConfLine line) {
        String name = line.variable();
        switch (name) {
            case "SHARED_SEQUENCE" -> {
                say(line.line(), Fate.CONVERTED, "sequence = " + Toml.list(sequence.steps()));
                if (sequence.icmp()) {
                    say(line.line(), Fate.CHANGED, "icmp was any ICMP packet, and is a ping (echo request)");
                }
                if (sequence.isRun()) {
                    say(
                            line.line(),
                            Fate.CHANGED,
                            "the ports follow one another, so a port scan opens the door: mix them");
                }
            }
            case "OPEN_PORTS" -> openPorts(line);
            case "KNOCK_INTERVAL" ->
                say(line.line(), Fate.CHANGED, within("fwknop 1.9.12 itself never ended a half-done sequence"));
            case "MAX_TIME_DIFF" ->
                say(
                        line.line(),
                        Fate.CHANGED,
                        within("tirl measures from the first knock to the last, not between two"));
            case "FW_ACCESS_TIMEOUT", "MAX_ACCESS_TIMEOUT" ->
                say(
                        line.line(),
                        stanza.number(name).orElse(0) == 0 ? Fate.CHANGED : Fate.CONVERTED,
                        "for = " + Toml.string(Notation.write(lease())));
            case "EXTERNAL_CMD_OPEN", "EXTERNAL_CMD_CLOSE" -> say(line.line(), Fate.HOOK, name + ": " + hooks.report());
            case String _ -> unused(line.line(), name);
        }
    }

    private String within(String why) {
        return "within = " + Toml.string(Notation.write(within())) + ": " + why;
    }

    private void openPorts(ConfLine line) {
        say(
                line.line(),
                hooks.isThere() ? Fate.DROPPED : Fate.CONVERTED,
                hooks.isThere()
                        ? "OPEN_PORTS: the commands open what they open"
                        : "opens = " + PortServices.names(open.services()));
        if (open.icmp() || !open.unread().isEmpty()) {
            List<String> lost = new ArrayList<>(open.unread());
            if (open.icmp()) {
                lost.add("icmp");
            }
            say(
                    line.line(),
                    Fate.NOT_CONVERTIBLE,
                    "OPEN_PORTS: a lease has TCP and UDP ports, and not " + String.join(", ", lost));
        }
    }

    private void unused(int line, String name) {
        switch (name) {
            case "MIN_TIME_DIFF" ->
                say(line, Fate.NOT_CONVERTIBLE, "MIN_TIME_DIFF: knocks may follow one another as fast as they like");
            case "KNOCK_LIMIT" ->
                say(
                        line,
                        Fate.NOT_CONVERTIBLE,
                        "KNOCK_LIMIT: a sequence opens as often as it is sent; `one-time` in place of `sequence`"
                                + " has a file of sequences that work once each");
            case "REQUIRE_OS", "REQUIRE_OS_REGEX" ->
                say(
                        line,
                        Fate.DROPPED,
                        name + ": 1.9.12 itself did not look at it for shared sequences, and any client can imitate"
                                + " an operating system");
            case "KEY", "REQUIRE_USERNAME" ->
                say(line, Fate.DROPPED, name + ": a shared sequence carries none, and 1.9 did not ask for it");
            case String _ ->
                say(
                        line,
                        Fate.DROPPED,
                        name + ": "
                                + Ancestor.inAccessConf(name)
                                        .orElse("it is for SPA packets, or unknown; 1.9 did not use it for sequences"));
        }
    }
}

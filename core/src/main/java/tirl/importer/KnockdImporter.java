package tirl.importer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tirl.config.Notation;
import tirl.config.Problem;
import tirl.door.FlagCondition;
import tirl.door.ServicePort;
import tirl.importer.ImportLine.Fate;
import tirl.knockd.KnockdConfig;
import tirl.knockd.KnockdConfigParser;
import tirl.knockd.KnockdConfigResult;
import tirl.knockd.KnockdDoor;
import tirl.knockd.KnockdStep;
import tirl.packet.Transport;

/**
 * Writes a tirl.toml that does what a knockd.conf does, with leases in place of the usual firewall commands. Whatever
 * is not exactly understood stays a command.
 */
public final class KnockdImporter {
    /** For a door that opened until another door closed: long enough for a working day, and an end all the same. */
    private static final Duration UNTIL_CLOSED = Duration.ofHours(12);

    private static final Duration LONGEST_WITHIN = Duration.ofHours(1);
    private static final int MAX_NAME = 64;
    private static final Pattern RULE_NUMBER = Pattern.compile("tables\\b.*\\s(-D|--delete)\\s+\\S+\\s+\\d");

    private final KnockdConfig config;
    private final SourceLines source;
    private final List<ImportLine> report = new ArrayList<>();
    private final Set<ServicePort> services = new TreeSet<>();
    private final Set<String> names = new HashSet<>();
    private final StringBuilder doors = new StringBuilder();

    private KnockdImporter(KnockdConfig config, SourceLines source) {
        this.config = config;
        this.source = source;
    }

    /** Converts the text of a knockd.conf. One that knockd would refuse gives its message and no configuration. */
    public static ImportReport convert(String knockdConf) {
        return switch (KnockdConfigParser.parse(knockdConf)) {
            case KnockdConfigResult.Refused(int line, String message) ->
                new ImportReport("", List.of(new ImportLine(line, Fate.NOT_CONVERTIBLE, message)));
            case KnockdConfigResult.Accepted accepted -> {
                KnockdImporter importer = new KnockdImporter(accepted.config(), new SourceLines(knockdConf));
                for (Problem warning : accepted.warnings()) {
                    importer.say(warning.line(), Fate.CHANGED, warning.message());
                }
                yield importer.convert();
            }
        };
    }

    private ImportReport convert() {
        for (int i = 0; i < config.doors().size(); i++) {
            door(i, config.doors().get(i));
        }
        String toml = daemon() + PortServices.toml(services) + doors;
        say(
                0,
                Fate.CONVERTED,
                "strict = false and tolerate-repeat = false keep knockd's rules for unlisted ports and"
                        + " repeats; a wrong knock may begin a sequence anew, which knockd does not allow");
        if (!services.isEmpty()) {
            say(
                    0,
                    Fate.CHANGED,
                    "tirl shuts the ports of its services to everyone without a lease;"
                            + " leave rules of your own that shut them too out, or they still do");
        }
        report.sort(Comparator.comparingInt(ImportLine::line));
        return new ImportReport(toml, report);
    }

    private void say(int line, Fate fate, String text) {
        report.add(new ImportLine(line, fate, text));
    }

    private String daemon() {
        if (config.options().useSyslog()) {
            say(source.option("usesyslog"), Fate.DROPPED, "the journal has what tirl logs");
        }
        config.options()
                .logFile()
                .ifPresent(path -> say(
                        source.option("logfile"),
                        Fate.DROPPED,
                        "tirl logs to its standard error, which systemd keeps"));
        config.options()
                .pidFile()
                .ifPresent(path ->
                        say(source.option("pidfile"), Fate.DROPPED, "tirl stays in the foreground and needs none"));
        String iface = config.options().iface().orElse("eth0");
        say(source.option("interface"), Fate.CONVERTED, "interfaces = [\"" + iface + "\"]");
        return "# Made from a knockd.conf. Suggestions are comments that begin with \"better:\".\n\n[daemon]\n"
                + "interfaces = " + Toml.list(List.of(iface)) + "\n";
    }

    private void door(int index, KnockdDoor door) {
        int line = source.of(index, "");
        Optional<String> obstacle = obstacle(door).or(() -> danger(door));
        if (obstacle.isPresent()) {
            say(line, Fate.NOT_CONVERTIBLE, "door \"" + door.name() + "\" is left out: " + obstacle.get());
            doors.append("\n# door ").append(Toml.comment(door.name())).append(" was left out: ");
            doors.append(obstacle.get()).append('\n');
            return;
        }
        Optional<Opening> lease = lease(door);
        Optional<KnockdDoor> opener = opener(door);
        if (lease.isEmpty() && opener.isPresent()) {
            say(
                    line,
                    Fate.DROPPED,
                    "door \"" + door.name() + "\" took back what \""
                            + opener.get().name()
                            + "\" opens: the lease ends by itself, and `tirl revoke` ends it earlier");
            doors.append("\n# door ").append(Toml.comment(door.name()));
            doors.append(" closed: use `tirl revoke`, or let the lease end\n");
            return;
        }
        doors.append("\n[[door]]\nname = ")
                .append(Toml.string(name(door.name(), line)))
                .append('\n');
        steps(index, door);
        within(index, door);
        if (lease.isPresent()) {
            opens(index, door, lease.get());
        } else {
            hooks(index, door);
        }
        flags(door);
        doors.append("strict = false\ntolerate-repeat = false\n");
        doors.append("# better: strict = true, so that a scan does not open it; tolerate-repeat = true for"
                + " retransmitted knocks\n");
    }

    private static Optional<String> obstacle(KnockdDoor door) {
        if (door.sequence().stream().anyMatch(step -> step.port() == 0)) {
            return Optional.of("its sequence has port 0");
        }
        if (door.target().equals(Optional.of(KnockdDoor.NEVER))) {
            return Optional.of("no packet ever matched its Target");
        }
        if (door.target().isPresent()) {
            // Without the Target the door would also open for knocks to other addresses.
            return Optional.of(
                    "tirl.toml has no Target (" + door.target().get() + "); knocks are to the host's own addresses");
        }
        if (door.seqTimeoutSeconds() < 0
                || (door.seqTimeoutSeconds() == 0 && door.sequence().size() != 1)) {
            return Optional.of("with Seq_Timeout = " + door.seqTimeoutSeconds() + " it never opened");
        }
        return Optional.empty();
    }

    /** Once a door has become a lease, its rule is not where a command that counts rules looks for it. */
    private Optional<String> danger(KnockdDoor door) {
        boolean counts = Stream.of(door.startCommand(), door.startCommand6(), door.stopCommand(), door.stopCommand6())
                .flatMap(Optional::stream)
                .anyMatch(command -> RULE_NUMBER.matcher(command).find());
        return counts && config.doors().stream().anyMatch(other -> lease(other).isPresent())
                ? Optional.of("it deletes a firewall rule by its number, and that is now another rule")
                : Optional.empty();
    }

    /** What a door opens, as a lease: for the time of the stop command, or until another door closed it. */
    private record Opening(Set<ServicePort> ports, Optional<Integer> seconds) {}

    private static Optional<Opening> lease(KnockdDoor door) {
        Optional<FirewallRule> start = rule(door.startCommand(false)).filter(FirewallRule::adds);
        Optional<String> stop = door.stopCommand(false);
        Optional<FirewallRule> stopRule = rule(stop).filter(rule -> !rule.adds());
        // IPv6 may only differ by the program, or else somebody would get in who did not before.
        boolean sameForIpv6 = rule(door.startCommand(true)).equals(rule(door.startCommand(false)))
                && rule(door.stopCommand(true)).equals(rule(stop))
                && door.stopCommand(true).isPresent() == stop.isPresent();
        if (start.isEmpty() || !sameForIpv6) {
            return Optional.empty();
        }
        Set<ServicePort> ports = start.get().ports();
        if (stop.isEmpty()) {
            return Optional.of(new Opening(ports, Optional.empty()));
        }
        return stopRule.filter(rule -> rule.ports().equals(ports))
                .map(_ -> new Opening(ports, Optional.of(Math.max(1, door.cmdTimeoutSeconds()))));
    }

    private static Optional<FirewallRule> rule(Optional<String> command) {
        return command.flatMap(FirewallRule::parse);
    }

    /** The door whose lease makes this one, which only takes a rule away, needless. */
    private Optional<KnockdDoor> opener(KnockdDoor door) {
        Optional<FirewallRule> rule = rule(door.startCommand(false)).filter(found -> !found.adds());
        if (rule.isEmpty() || door.stopCommand(false).isPresent()) {
            return Optional.empty();
        }
        return config.doors().stream()
                .filter(other -> obstacle(other).isEmpty())
                .filter(other -> lease(other)
                        .filter(lease -> lease.ports().equals(rule.get().ports()))
                        .isPresent())
                .findFirst();
    }

    private String name(String original, int line) {
        String plain = original.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        plain = plain.isEmpty() ? "door" : plain.substring(0, Math.min(plain.length(), MAX_NAME - 6));
        String unique = plain;
        for (int number = 2; !names.add(unique); number++) {
            unique = plain + "-" + number;
        }
        say(
                line,
                unique.equals(original) ? Fate.CONVERTED : Fate.CHANGED,
                "door \"" + original + "\" is named \"" + unique + "\"");
        return unique;
    }

    private void steps(int index, KnockdDoor door) {
        if (door.oneTimeFile().isPresent()) {
            doors.append("one-time = ")
                    .append(Toml.string(door.oneTimeFile().get()))
                    .append('\n');
            say(source.of(index, "one_time_sequences"), Fate.CONVERTED, "one-time; the file keeps its form");
            return;
        }
        List<String> steps = door.sequence().stream().map(KnockdImporter::step).toList();
        doors.append("sequence = ").append(Toml.list(steps)).append('\n');
        say(source.of(index, "sequence"), Fate.CONVERTED, "sequence = " + Toml.list(steps));
    }

    private static String step(KnockdStep step) {
        return (step.transport() == Transport.TCP ? "tcp/" : "udp/") + step.port();
    }

    private void within(int index, KnockdDoor door) {
        Duration wanted = Duration.ofSeconds(Math.max(1, door.seqTimeoutSeconds()));
        Duration within = wanted.compareTo(LONGEST_WITHIN) > 0 ? LONGEST_WITHIN : wanted;
        String text = "within = " + Toml.string(Notation.write(within));
        doors.append(text).append('\n');
        boolean same = within.toSeconds() == door.seqTimeoutSeconds();
        say(source.of(index, "seq_timeout"), same ? Fate.CONVERTED : Fate.CHANGED, text);
    }

    private void opens(int index, KnockdDoor door, Opening lease) {
        services.addAll(lease.ports());
        String opened = PortServices.names(lease.ports());
        Duration duration = lease.seconds().map(Duration::ofSeconds).orElse(UNTIL_CLOSED);
        doors.append("opens = ").append(opened).append('\n');
        doors.append("for = ").append(Toml.string(Notation.write(duration))).append('\n');
        int line = source.of(index, "start_command");
        say(line, Fate.CONVERTED, "a lease in place of the command: opens = " + opened + ", for IPv6 sources too");
        if (lease.seconds().isPresent()) {
            say(source.of(index, "stop_command"), Fate.CONVERTED, "the lease ends after " + Notation.write(duration));
        } else {
            doors.append("# better: a shorter time; the connection that is made in it stays\n");
            say(
                    line,
                    Fate.CHANGED,
                    "door \"" + door.name() + "\" opened for ever; the lease ends after " + Notation.write(duration));
        }
    }

    private void hooks(int index, KnockdDoor door) {
        if (door.startCommand(false).isEmpty() && door.startCommand(true).isEmpty()) {
            doors.append("start = \"true\"\n");
            say(
                    source.of(index, ""),
                    Fate.CHANGED,
                    "the door runs nothing: knockd only logs it, as tirl does with \"true\"");
        }
        hook(index, "start", "start_command", door.startCommand());
        hook(index, "start6", "start_command_6", door.startCommand6());
        hook(index, "stop", "stop_command", door.stopCommand());
        hook(index, "stop6", "stop_command_6", door.stopCommand6());
        Duration delay = Duration.ofSeconds(Math.max(1, door.cmdTimeoutSeconds()));
        doors.append("for = ").append(Toml.string(Notation.write(delay))).append('\n');
    }

    private void hook(int index, String key, String sourceKey, Optional<String> command) {
        command.ifPresent(text -> {
            doors.append(key).append(" = ").append(Toml.string(text)).append('\n');
            say(source.of(index, sourceKey), Fate.HOOK, key + " runs the command as it is: no lease does exactly this");
        });
    }

    private void flags(KnockdDoor door) {
        // No flags mean any packet to knockd, but the first of a connection to tirl.
        List<String> words = door.flags().equals(FlagCondition.ANY)
                ? List.of()
                : List.of(door.flags().toString().toLowerCase(Locale.ROOT).split(",", -1));
        doors.append("flags = ").append(Toml.list(words)).append('\n');
        if (words.isEmpty()) {
            doors.append("# better: flags = [\"syn\", \"!ack\"], so that other traffic does not count\n");
        }
    }
}

package tirl.knockd;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tirl.door.FlagCondition;
import tirl.packet.Address;

/**
 * A door of knockd.conf.
 *
 * @param sequence empty for a one-time door, whose file holds the sequences, unless a {@code Sequence} line followed
 *     that of the file: then it is what the door begins with
 * @param oneTimeFile path of the file of one-time sequences
 * @param seqTimeoutSeconds from the first knock; an attempt this old is over. Zero and less leave only one-port doors
 * @param target the destination to watch instead of the host's own addresses; {@link #NEVER} when nothing can match
 * @param startCommand6 for IPv6; absent falls back to the other, empty means nothing to do. So for the stop command
 * @param cmdTimeoutSeconds from the start command to the stop command
 */
public record KnockdDoor(
        String name,
        List<KnockdStep> sequence,
        Optional<String> oneTimeFile,
        int seqTimeoutSeconds,
        FlagCondition flags,
        Optional<Address> target,
        Optional<String> startCommand,
        Optional<String> startCommand6,
        Optional<String> stopCommand,
        Optional<String> stopCommand6,
        int cmdTimeoutSeconds) {
    /** As many as knockd takes. */
    public static final int MAX_STEPS = 32;
    /** Stands for a Target that equals no address's canonical text: no packet is sent to the unspecified address. */
    public static final Address NEVER = new Address(0, 0);

    /** knockd's buffer, its final NUL included. */
    private static final int COMMAND_BUFFER = 4096;

    private static final String PLACEHOLDER = "%IP%";

    public KnockdDoor {
        sequence = List.copyOf(sequence);
        if (sequence.size() > MAX_STEPS) {
            throw new IllegalArgumentException("door " + name + " has " + sequence.size() + " steps");
        }
    }

    /** The template of what to run when a source of this family opens the door; empty when there is nothing to run. */
    public Optional<String> startCommand(boolean ipv6) {
        return chosen(ipv6, startCommand, startCommand6);
    }

    /** The template of what to run afterwards; it is run only after a start command. */
    public Optional<String> stopCommand(boolean ipv6) {
        return chosen(ipv6, stopCommand, stopCommand6);
    }

    private static Optional<String> chosen(boolean ipv6, Optional<String> plain, Optional<String> six) {
        Optional<String> chosen = ipv6 && six.isPresent() ? six : plain;
        return chosen.filter(command -> !command.isEmpty());
    }

    /** What to run for this source. */
    public KnockdCommands commands(Address source) {
        boolean ipv6 = !source.isIpv4();
        Optional<String> start = startCommand(ipv6).map(template -> expand(template, source));
        Optional<String> stop =
                start.isEmpty() ? Optional.empty() : stopCommand(ipv6).map(template -> expand(template, source));
        if (start.filter(KnockdDoor::isTooLong).isPresent()) {
            return new KnockdCommands.StartTooLong();
        }
        if (stop.filter(KnockdDoor::isTooLong).isPresent()) {
            return new KnockdCommands.StopTooLong();
        }
        return new KnockdCommands.Ready(start, stop);
    }

    /** Puts the numeric address wherever the template says %IP%, in exactly this case; nothing else is replaced. */
    public static String expand(String template, Address source) {
        return template.replace(PLACEHOLDER, source.toString());
    }

    private static boolean isTooLong(String command) {
        return command.getBytes(StandardCharsets.UTF_8).length >= COMMAND_BUFFER;
    }

    /** This door with another sequence; an empty one disables it. */
    public KnockdDoor withSequence(List<KnockdStep> next) {
        return new KnockdDoor(
                name,
                next,
                oneTimeFile,
                seqTimeoutSeconds,
                flags,
                target,
                startCommand,
                startCommand6,
                stopCommand,
                stopCommand6,
                cmdTimeoutSeconds);
    }
}

package tirl.knockd;

import java.util.ArrayList;
import java.util.List;
import tirl.packet.Transport;

/** Reads one sequence, {@code 7000,8000:udp}, as in knockd.conf and in the lines of a one-time file. */
public final class KnockdSequenceParser {
    private KnockdSequenceParser() {}

    /**
     * Reads the text as knockd does, nonsense included.
     *
     * @param door for the message
     * @param text a whole line or value; nothing needs to be trimmed
     */
    public static KnockdSequenceResult parse(String door, String text) {
        List<KnockdStep> steps = new ArrayList<>();
        List<String> oddities = new ArrayList<>();
        // A final comma makes one more step, and no text at all makes one: port 0.
        for (String entry : text.split(",", -1)) {
            if (steps.size() == KnockdDoor.MAX_STEPS) {
                return new KnockdSequenceResult.Wrong(KnockdMessages.configTooManyPorts(door));
            }
            String[] parts = entry.split(":", -1);
            int port = Ascii.atoi(parts[0]);
            if (port > 65535) {
                return new KnockdSequenceResult.Wrong(KnockdMessages.configPortIsInvalid(door, parts[0]));
            }
            String protocol = parts.length == 1 ? "TCP" : Ascii.upper(Ascii.trim(parts[1]));
            if (!protocol.equals("TCP") && !protocol.equals("UDP")) {
                return new KnockdSequenceResult.Wrong(KnockdMessages.configUnknownProtocol(door));
            }
            // knockd keeps 16 bits, so that -1 is port 65535.
            KnockdStep step = new KnockdStep(protocol.equals("TCP") ? Transport.TCP : Transport.UDP, port & 0xffff);
            steps.add(step);
            note(entry, parts, step, oddities);
        }
        return new KnockdSequenceResult.Steps(steps, oddities);
    }

    /** Whether a line of a one-time file holds no sequence: it is empty, or a # stands first. */
    public static boolean isSkippedLine(String line) {
        String trimmed = Ascii.trim(line);
        return trimmed.isEmpty() || trimmed.startsWith("#");
    }

    private static void note(String entry, String[] parts, KnockdStep step, List<String> oddities) {
        String number = Ascii.trim(parts[0]);
        if (!Ascii.isPlainNumber(number) || step.port() == 0) {
            oddities.add("\"" + Ascii.trim(entry) + "\" is read as " + step
                    + (step.port() == 0 ? ", which is hardly meant; write a port from 1 to 65535" : ""));
        } else if (parts.length > 2) {
            oddities.add("\"" + Ascii.trim(entry) + "\" is read as " + step + "; the rest is ignored");
        }
    }
}

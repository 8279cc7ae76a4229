package tirl.knockd;

import java.util.List;
import java.util.Optional;
import tirl.config.Problem;
import tirl.door.FlagCondition;
import tirl.knockd.KnockdConfigParser.Refusal;
import tirl.packet.Address;

/** A door while its section is being read: a repeated key replaces, only TCPFlags add up. */
final class DoorDraft {
    private static final int DEFAULT_SEQ_TIMEOUT = 25;
    private static final int DEFAULT_CMD_TIMEOUT = 10;

    private final String name;
    private final int line;
    private List<KnockdStep> sequence = List.of();
    private Optional<String> oneTimeFile = Optional.empty();
    private int seqTimeout = DEFAULT_SEQ_TIMEOUT;
    private FlagCondition flags = FlagCondition.ANY;
    private Optional<Address> target = Optional.empty();
    private Optional<String> start = Optional.empty();
    private Optional<String> start6 = Optional.empty();
    private Optional<String> stop = Optional.empty();
    private Optional<String> stop6 = Optional.empty();
    private int cmdTimeout = DEFAULT_CMD_TIMEOUT;

    DoorDraft(String name, int line) {
        this.name = name;
        this.line = line;
    }

    /** Takes one line; false when doors have no such key. */
    boolean directive(String key, String value, int number, List<Problem> warnings) throws Refusal {
        switch (key) {
            case "SEQUENCE" -> sequence = sequence(value, number, warnings);
            case "ONE_TIME_SEQUENCES" -> {
                oneTimeFile = Optional.of(value);
                sequence = List.of();
            }
            case "SEQ_TIMEOUT", "TIMEOUT" -> seqTimeout = seconds(key, value, number, warnings);
            case "CMD_TIMEOUT" -> cmdTimeout = seconds(key, value, number, warnings);
            case "TCPFLAGS" -> flags(value, number, warnings);
            case "TARGET" -> target = target(value, number, warnings);
            case "START_COMMAND", "COMMAND" -> start = Optional.of(value);
            case "START_COMMAND_6", "COMMAND_6" -> start6 = Optional.of(value);
            case "STOP_COMMAND" -> stop = Optional.of(value);
            case "STOP_COMMAND_6" -> stop6 = Optional.of(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    private List<KnockdStep> sequence(String value, int number, List<Problem> warnings) throws Refusal {
        return switch (KnockdSequenceParser.parse(name, value)) {
            case KnockdSequenceResult.Wrong(String message) -> throw new Refusal(0, message);
            case KnockdSequenceResult.Steps(List<KnockdStep> steps, List<String> oddities) -> {
                oddities.forEach(oddity -> KnockdConfigParser.warn(warnings, number, oddity));
                yield steps;
            }
        };
    }

    private static int seconds(String key, String value, int number, List<Problem> warnings) {
        int seconds = Ascii.atoi(value);
        if (!Ascii.isPlainNumber(value)) {
            KnockdConfigParser.warn(warnings, number, "\"" + value + "\" is read as " + seconds + " seconds");
        } else if (seconds == 0 && !key.equals("CMD_TIMEOUT")) {
            KnockdConfigParser.warn(warnings, number, "with no time at all only a sequence of one port can be knocked");
        }
        return seconds;
    }

    private void flags(String value, int number, List<Problem> warnings) throws Refusal {
        for (String word : Ascii.upper(value).split(",", -1)) {
            boolean negated = word.startsWith("!");
            String flag = negated ? word.substring(1) : word;
            Integer bit = FlagCondition.NAMES.get(lower(flag));
            if (bit == null) {
                throw new Refusal(number, KnockdMessages.configUnrecognizedFlag(number, word));
            }
            if (((negated ? flags.set() : flags.clear()) & bit) != 0) {
                KnockdConfigParser.warn(
                        warnings, number, "\"" + word + "\" contradicts an earlier flag; the last counts");
            }
            flags = negated
                    ? new FlagCondition(flags.set() & ~bit, flags.clear() | bit)
                    : new FlagCondition(flags.set() | bit, flags.clear() & ~bit);
        }
    }

    /** Only ASCII letters change, so that no other letter can pass for one of a flag's name. */
    private static String lower(String upper) {
        StringBuilder lower = new StringBuilder(upper.length());
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            lower.append(c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c);
        }
        return lower.toString();
    }

    /** knockd compares the text with that of the packet's destination, so another spelling never matches. */
    private static Optional<Address> target(String value, int number, List<Problem> warnings) throws Refusal {
        if (value.isEmpty()) {
            // It only fails when the capture filter is compiled, without a line.
            throw new Refusal(0, "pcap_compile: can't parse filter expression: syntax error");
        }
        Optional<Address> address = Address.parse(value);
        if (address.isPresent() && address.get().toString().equals(value)) {
            return address;
        }
        KnockdConfigParser.warn(
                warnings,
                number,
                address.isPresent()
                        ? "no packet matches \"" + value + "\": knockd compares text; write " + address.get()
                        : "no packet matches \"" + value + "\": write a numeric address");
        return Optional.of(KnockdDoor.NEVER);
    }

    KnockdDoor finish(List<Problem> warnings) throws Refusal {
        if (sequence.isEmpty() && oneTimeFile.isEmpty()) {
            throw new Refusal(0, KnockdMessages.configEmptySequence(name));
        }
        if (seqTimeout < 0) {
            KnockdConfigParser.warn(warnings, line, "with " + seqTimeout + " seconds no knock is in time");
        }
        return new KnockdDoor(
                name, sequence, oneTimeFile, seqTimeout, flags, target, start, start6, stop, stop6, cmdTimeout);
    }
}

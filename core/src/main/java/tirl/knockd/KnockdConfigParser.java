package tirl.knockd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tirl.config.Problem;
import tirl.config.Problem.Severity;

/** Reads knockd.conf as knockd 0.8 does: what it takes is taken, what it refuses is refused with its words. */
public final class KnockdConfigParser {
    /** knockd reads lines into a buffer; the rest of a longer one is a line of its own. */
    private static final int MAX_LINE = 4095;

    private static final int MAX_NAME = 127;

    private final List<DoorDraft> doors = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean inSection;
    private Optional<DoorDraft> door = Optional.empty();
    private boolean useSyslog;
    private Optional<String> logFile = Optional.empty();
    private Optional<String> pidFile = Optional.empty();
    private Optional<String> iface = Optional.empty();

    private KnockdConfigParser() {}

    /** Reads the text of a file; never throws for what is in it. */
    public static KnockdConfigResult parse(String text) {
        try {
            return new KnockdConfigParser().read(text);
        } catch (Refusal refusal) {
            return new KnockdConfigResult.Refused(refusal.line(), refusal.text());
        }
    }

    private KnockdConfigResult read(String text) throws Refusal {
        int number = 0;
        for (String line : lines(text)) {
            number++;
            int nul = line.indexOf('\0');
            String trimmed = Ascii.trim(nul < 0 ? line : line.substring(0, nul));
            if (!trimmed.isEmpty() && trimmed.charAt(0) != '#') {
                line(trimmed, number);
            }
        }
        List<KnockdDoor> finished = new ArrayList<>();
        for (DoorDraft draft : doors) {
            finished.add(draft.finish(warnings));
        }
        KnockdOptions options = new KnockdOptions(useSyslog, logFile, pidFile, iface);
        return new KnockdConfigResult.Accepted(new KnockdConfig(options, finished), warnings);
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int newline = text.indexOf('\n', start);
            int end = newline < 0 ? text.length() : newline;
            split(text.substring(start, end), newline >= 0, lines);
            start = end + 1;
        }
        return lines;
    }

    private static void split(String line, boolean ended, List<String> into) {
        if (line.length() * 3 <= MAX_LINE) {
            into.add(line);
            return;
        }
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (; bytes.length - from > MAX_LINE; from += MAX_LINE) {
            into.add(new String(bytes, from, MAX_LINE, StandardCharsets.UTF_8));
        }
        into.add(new String(Arrays.copyOfRange(bytes, from, bytes.length), StandardCharsets.UTF_8));
        // No room was left for the newline, which is then read as an empty line and counted.
        if (ended && bytes.length - from == MAX_LINE) {
            into.add("");
        }
    }

    private void line(String line, int number) throws Refusal {
        if (line.length() > 1 && line.charAt(0) == '[' && line.charAt(line.length() - 1) == ']') {
            section(line.substring(1, line.length() - 1), number);
            return;
        }
        if (!inSection) {
            throw new Refusal(number, KnockdMessages.configOutsideSection(number));
        }
        int equals = line.indexOf('=');
        String key = Ascii.upper(Ascii.trim(equals < 0 ? line : line.substring(0, equals)));
        if (equals < 0) {
            if (!key.equals("USESYSLOG")) {
                throw new Refusal(number, KnockdMessages.configSyntaxError(number));
            }
            useSyslog = true;
            return;
        }
        String value = Ascii.trim(line.substring(equals + 1));
        boolean known =
                door.isPresent() ? door.get().directive(key, value, number, warnings) : option(key, value, number);
        if (!known) {
            throw new Refusal(number, KnockdMessages.configSyntaxError(number));
        }
    }

    private void section(String name, int number) throws Refusal {
        if (name.isEmpty()) {
            throw new Refusal(number, KnockdMessages.configBadSectionName(number));
        }
        inSection = true;
        if (name.equals("options")) {
            door = Optional.empty();
            return;
        }
        String cut = Ascii.cut(name, MAX_NAME);
        if (!cut.equals(name)) {
            warn(warnings, number, "the name is cut after " + MAX_NAME + " octets");
        }
        if (Ascii.upper(Ascii.trim(name)).equals("OPTIONS")) {
            warn(warnings, number, "[" + name + "] is a door; the global section is written [options], in lower case");
        }
        if (!names.add(cut)) {
            warn(warnings, number, "there is a door \"" + cut + "\" already; this is another with the same name");
        }
        DoorDraft draft = new DoorDraft(cut, number);
        doors.add(draft);
        door = Optional.of(draft);
    }

    private boolean option(String key, String value, int number) {
        Optional<String> given = value.isEmpty() ? Optional.empty() : Optional.of(value);
        switch (key) {
            case "LOGFILE" -> logFile = given;
            case "PIDFILE" -> pidFile = given;
            case "INTERFACE" -> interfaceName(value, number);
            default -> {
                return false;
            }
        }
        if (given.isEmpty()) {
            warn(warnings, number, "this has no value, so it counts as not given");
        }
        return true;
    }

    private void interfaceName(String value, int number) {
        String cut = Ascii.cut(value, KnockdOptions.MAX_INTERFACE);
        if (iface.isPresent()) {
            warn(warnings, number, "the first Interface counts, this one is ignored");
        } else if (!cut.isEmpty()) {
            iface = Optional.of(cut);
        }
    }

    static void warn(List<Problem> warnings, int line, String message) {
        warnings.add(new Problem(Severity.WARNING, line, 1, message));
    }

    /** knockd would print this and exit. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final int line;
        private final String text;

        Refusal(int line, String text) {
            super(text, null, false, false);
            this.line = line;
            this.text = text;
        }

        int line() {
            return line;
        }

        String text() {
            return text;
        }
    }
}

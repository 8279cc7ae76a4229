package tirl.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.ConfLine;

/**
 * A stanza of fwknop 1.9's access.conf, as it stands there.
 *
 * @param number from 1, as in fwknop's log
 * @param line of its SOURCE
 * @param lines all that follows, up to the next SOURCE
 */
record LegacyStanza(String file, int number, int line, String source, List<ConfLine> lines) {
    /** What opens it. */
    enum Kind {
        SHARED_SEQUENCE,
        ENCRYPTED_SEQUENCE,
        SPA
    }

    LegacyStanza {
        lines = List.copyOf(lines);
    }

    /** The stanzas of a file; what stands before the first SOURCE belongs to none. */
    static List<LegacyStanza> of(AccessFile file) {
        List<LegacyStanza> stanzas = new ArrayList<>();
        Optional<ConfLine> source = Optional.empty();
        List<ConfLine> lines = new ArrayList<>();
        for (ConfLine line : file.lines()) {
            if (!line.variable().equals("SOURCE")) {
                lines.add(line);
                continue;
            }
            source.ifPresent(before -> stanzas.add(stanza(file, stanzas.size() + 1, before, lines)));
            source = Optional.of(line);
            lines.clear();
        }
        source.ifPresent(before -> stanzas.add(stanza(file, stanzas.size() + 1, before, lines)));
        return stanzas;
    }

    private static LegacyStanza stanza(AccessFile file, int number, ConfLine source, List<ConfLine> lines) {
        return new LegacyStanza(file.name(), number, source.line(), source.trimmed(), lines);
    }

    /** The value of a variable: with 1.9 the last one counts. */
    Optional<String> text(String name) {
        return lines.stream()
                .filter(line -> line.variable().equals(name))
                .reduce((first, last) -> last)
                .map(ConfLine::trimmed);
    }

    /** A number of seconds or times; empty when it is absent or none. */
    Optional<Integer> number(String name) {
        return text(name).filter(text -> text.matches("\\d{1,9}")).map(Integer::valueOf);
    }

    /** A switch, which 1.9 also takes without a value. */
    boolean is(String name) {
        return text(name)
                .filter(text -> text.isEmpty() || text.toLowerCase(Locale.ROOT).contains("y"))
                .isPresent();
    }

    boolean isForEverybody() {
        return source.equalsIgnoreCase("ANY");
    }

    Kind kind() {
        boolean encrypted = text("ENCRYPT_SEQUENCE").isPresent()
                || text("DATA_COLLECT_MODE")
                        .filter(mode -> mode.equalsIgnoreCase("ENCRYPT_SEQUENCE"))
                        .isPresent();
        if (text("SHARED_SEQUENCE").isPresent()) {
            return Kind.SHARED_SEQUENCE;
        }
        return encrypted ? Kind.ENCRYPTED_SEQUENCE : Kind.SPA;
    }
}

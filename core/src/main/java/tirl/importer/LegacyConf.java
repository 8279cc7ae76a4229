package tirl.importer;

import java.util.List;
import java.util.Optional;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.ConfLine;

/**
 * fwknop.conf of fwknop 1.9, as it stands there.
 *
 * @param file empty when there is none
 */
record LegacyConf(String file, List<ConfLine> lines) {
    LegacyConf {
        lines = List.copyOf(lines);
    }

    static LegacyConf of(Optional<AccessFile> file) {
        return file.map(found -> new LegacyConf(found.name(), found.lines())).orElse(new LegacyConf("", List.of()));
    }

    /** With 1.9 the first one counts. */
    Optional<ConfLine> line(String name) {
        return lines.stream().filter(line -> line.variable().equals(name)).findFirst();
    }

    Optional<String> text(String name) {
        return line(name).map(ConfLine::trimmed).filter(text -> !text.isEmpty());
    }

    /** Whether sequences were looked at: the usual mode, PCAP, takes SPA packets only. */
    boolean takesKnocks() {
        return text("AUTH_MODE").filter(mode -> mode.equalsIgnoreCase("KNOCK")).isPresent();
    }
}

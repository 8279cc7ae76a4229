package tirl.fwknop.access;

import java.util.ArrayList;
import java.util.List;

/** The lines of access.conf or of a file that it includes; settings are not yet understood. */
public final class AccessFile {
    private final String name;
    private final List<ConfLine> lines;

    private AccessFile(String name, List<ConfLine> lines) {
        this.name = name;
        this.lines = List.copyOf(lines);
    }

    /** Never fails: what makes no sense is found when it is understood. */
    public static AccessFile read(String name, byte[] content) {
        return new AccessFile(name, ConfLine.read(content));
    }

    public String name() {
        return name;
    }

    /** Those that say something. */
    public List<ConfLine> lines() {
        return lines;
    }

    /** What has to be read besides. */
    public List<Include> includes() {
        List<Include> includes = new ArrayList<>();
        for (ConfLine line : lines) {
            Include.of(line).ifPresent(includes::add);
        }
        return includes;
    }
}

package tirl.fwknop.access;

import java.util.Optional;

/**
 * A line that names other files. Whoever may read files reads them.
 *
 * @param path as it is written; relative ones begin at the daemon's working directory, with fwknopd
 */
public record Include(Kind kind, String path) {
    /** What is in them. */
    public enum Kind {
        /** Stanzas. */
        FILE,
        /** Files with stanzas: all whose names end in {@code .conf}. */
        FOLDER,
        /** Keys of the stanza around it. */
        KEYS
    }

    /** How deep fwknopd follows. */
    public static final int DEEPEST = 3;

    static Optional<Include> of(ConfLine line) {
        Optional<Kind> kind = switch (line.variable()) {
            case "%include" -> Optional.of(Kind.FILE);
            case "%include_folder" -> Optional.of(Kind.FOLDER);
            case "%include_keys" -> Optional.of(Kind.KEYS);
            case String _ -> Optional.empty();
        };
        return kind.map(known -> new Include(known, line.trimmed()));
    }
}

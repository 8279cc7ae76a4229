package tirl.importer;

import java.util.List;

/**
 * A converted configuration.
 *
 * @param toml a whole tirl.toml; empty when the source is not valid
 * @param lines what became of the source, by line number
 */
public record ImportReport(String toml, List<ImportLine> lines) {
    public ImportReport {
        lines = List.copyOf(lines);
    }
}

package tirl.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;
import tirl.config.Problem;
import tirl.config.Problem.Severity;

/** Collects problems while a file is read. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    void error(@Nullable TomlPosition position, String message) {
        add(Severity.ERROR, position, message);
    }

    void warn(@Nullable TomlPosition position, String message) {
        add(Severity.WARNING, position, message);
    }

    private void add(Severity severity, @Nullable TomlPosition position, String message) {
        found.add(new Problem(
                severity, position == null ? 0 : position.line(), position == null ? 0 : position.column(), message));
    }

    boolean anyError() {
        return found.stream().anyMatch(Problem::isError);
    }

    /** In the order of the file. */
    List<Problem> all() {
        return found.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }
}

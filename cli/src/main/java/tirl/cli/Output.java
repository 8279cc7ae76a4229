package tirl.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tirl.daemon.control.JsonLines;

/** Prints a result for people or, with {@code --json}, for scripts. */
final class Output {
    @Option(names = "--json", description = "print JSON for scripts")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    void print(Object result, Consumer<Object> forPeople) {
        if (json) {
            line("%s", JsonLines.write(result));
        } else {
            forPeople.accept(result);
        }
    }

    void line(String format, @Nullable Object... values) {
        spec.commandLine().getOut().println(String.format(Locale.ROOT, format, values));
        spec.commandLine().getOut().flush();
    }

    /** A line beside the result: for people only. */
    void note(String format, @Nullable Object... values) {
        if (!json) {
            line(format, values);
        }
    }

    /** One line a lease. */
    void leases(Object result) {
        List<?> leases = result instanceof List<?> list ? list : List.of(result);
        if (leases.isEmpty()) {
            line("no live leases");
            return;
        }
        line("%-6s %-39s %-20s %9s  %s", "LEASE", "SOURCE", "DOOR", "LEFT", "PORTS");
        for (Object one : leases) {
            if (one instanceof Map<?, ?> lease) {
                line(
                        "%-6s %-39s %-20s %8ss  %s",
                        lease.get("id"),
                        lease.get("source"),
                        lease.get("door"),
                        lease.get("left"),
                        words(lease.get("ports")) + (lease.get("to") == null ? "" : " to " + lease.get("to")));
            }
        }
    }

    static String words(@Nullable Object list) {
        return list instanceof List<?> words
                ? words.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : String.valueOf(list);
    }
}

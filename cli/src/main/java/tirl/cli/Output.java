package tirl.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;
import tirl.daemon.control.JsonLines;

/** Prints a result for people or, with {@code --json}, for scripts. */
final class Output implements SharedOptions {
    private final OptionSpec json = Options.flag("print JSON for scripts", "--json");

    @Override
    public List<OptionSpec> options() {
        return List.of(json);
    }

    void print(Object result, Consumer<Object> forPeople) {
        if (Options.given(json)) {
            line("%s", JsonLines.write(result));
        } else {
            forPeople.accept(result);
        }
    }

    void line(String format, @Nullable Object... values) {
        PrintWriter out = json.command().commandLine().getOut();
        out.println(String.format(Locale.ROOT, format, values));
        out.flush();
    }

    /** A line beside the result: for people only. */
    void note(String format, @Nullable Object... values) {
        if (!Options.given(json)) {
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

package tirl.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Take in devices that `tirl devices export` wrote: all of them, or none when one has a mistake (of more than some 1,500, all of a part or none).",
        footer = {
            "",
            "They belong to the server's key that invited them: take the key file of that",
            "host along (docs/spa.md), or invite them anew.",
            "",
            "Examples:",
            "  tirl devices import /root/devices",
            "  tirl devices import anna-laptop.toml --replace",
        })
final class DevicesImportCommand implements Callable<Integer> {
    /** The daemon takes 2 MiB a request; some are for quotes and names. Enough for 1,500 devices. */
    private static final int MOST_CHARACTERS = 1_000_000;

    @Mixin
    private ControlOptions control = new ControlOptions();

    @Mixin
    private Output output = new Output();

    @Parameters(arity = "1..*", paramLabel = "DIR|FILE", description = "of a directory, each file NAME.toml")
    private List<Path> paths = List.of();

    @Option(names = "--replace", description = "change devices that are there already under the same name")
    private boolean replace;

    @Override
    public Integer call() throws ControlException, IOException {
        List<Map<String, Object>> devices = DeviceTexts.read(paths);
        long added = 0;
        long changed = 0;
        int sent = 0;
        while (sent < devices.size()) {
            List<Map<String, Object>> part = devices.subList(sent, end(devices, sent));
            if (ask(part, sent) instanceof Map<?, ?> counts) {
                added += number(counts.get("added"));
                changed += number(counts.get("changed"));
            }
            sent += part.size();
        }
        Map<String, Object> total = Map.of("added", added, "changed", changed);
        output.print(total, _ -> output.line("%s added, %s changed", total.get("added"), total.get("changed")));
        return 0;
    }

    private Object ask(List<Map<String, Object>> part, int before) throws ControlException {
        try {
            return control.client().ask(Map.of("command", "devices-import", "devices", part, "replace", replace));
        } catch (ControlException e) {
            throw before == 0
                    ? e
                    : new ControlException(
                            e.reason() + " (the " + before + " devices before this part were taken in)", e);
        }
    }

    /** After the last device that one request has room for. */
    private static int end(List<Map<String, Object>> devices, int from) {
        int characters = 0;
        int end = from;
        while (end < devices.size() && (end == from || characters < MOST_CHARACTERS)) {
            characters += String.valueOf(devices.get(end).get("text")).length();
            end++;
        }
        return end;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }
}

package tirl.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.control.ControlException;
import tirl.device.AccessRules;
import tirl.spa.AddressMode;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List devices and open invitations, and what they may.",
        footer = {"", "Example: tirl devices list --json"})
final class DevicesListCommand implements Callable<Integer> {
    private static final int ALL_MODES = AddressMode.values().length;
    private static final String USUAL_LEASES = String.valueOf(AccessRules.DEFAULT_LEASES);

    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Override
    public Integer call() throws ControlException {
        return list(control, output);
    }

    static int list(ControlOptions control, Output output) throws ControlException {
        output.print(control.client().ask(Map.of("command", "devices")), result -> table(result, output));
        return 0;
    }

    private static void table(Object result, Output output) {
        List<?> devices = result instanceof List<?> list ? list : List.of();
        if (devices.isEmpty()) {
            output.line("no devices; `tirl invite NAME --service ssh` invites one");
            return;
        }
        row(output, "NAME", "STATE", "SERVICES", "LONGEST", "LEASES", "GRANTS", "LAST SEEN", "LIMITS");
        for (Object one : devices) {
            if (one instanceof Map<?, ?> device) {
                String seen = Moments.local(device.get("last-seen"));
                row(
                        output,
                        device.get("name"),
                        device.get("state"),
                        Output.words(device.get("services")),
                        text(device.get("longest")),
                        text(device.get("leases")),
                        text(device.get("grants")),
                        seen.isEmpty() ? "never" : seen,
                        limits(device));
            }
        }
    }

    private static void row(Output output, @Nullable Object... cells) {
        String row = String.format(Locale.ROOT, "%-24s %-9s %-20s %7s %6s %6s  %-16s  %s", cells);
        output.line("%s", row.stripTrailing());
    }

    private static String text(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    /** What is not as usual, in words. */
    private static String limits(Map<?, ?> device) {
        List<String> limits = new ArrayList<>();
        add(limits, "invitation until ", Moments.local(device.get("valid-until")));
        add(limits, "from ", words(device.get("from")));
        add(limits, "", words(device.get("hours")));
        if (device.get("address") instanceof List<?> modes && modes.size() < ALL_MODES) {
            add(limits, "address ", words(modes));
        }
        String most = words(device.get("most-leases"));
        add(limits, "leases ", most.equals(USUAL_LEASES) ? "" : most);
        add(limits, "uses ", words(device.get("uses")));
        add(limits, "until ", Moments.local(device.get("until")));
        add(limits, "", Boolean.TRUE.equals(device.get("code")) ? "code" : "");
        add(limits, "", Boolean.FALSE.equals(device.get("classical")) ? "no classical" : "");
        add(limits, "", Boolean.TRUE.equals(device.get("file")) ? "from a file" : "");
        return String.join("; ", limits);
    }

    private static void add(List<String> limits, String before, String words) {
        if (!words.isEmpty()) {
            limits.add(before + words);
        }
    }

    private static String words(@Nullable Object value) {
        return value == null ? "" : Output.words(value);
    }
}

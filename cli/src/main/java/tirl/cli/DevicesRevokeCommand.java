package tirl.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Shut a device out for good, and take its leases back at once.",
            "Takes open invitations back too. Connections that are established go on, unless their service has cut = true."
        },
        footer = {"", "Example: tirl devices revoke anna-phone visitor"})
final class DevicesRevokeCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "as `tirl devices` lists it")
    private List<String> names = List.of();

    @Override
    public Integer call() throws ControlException {
        List<Map<String, Object>> done = new ArrayList<>();
        try {
            for (String name : names) {
                Object result = control.client().ask(Map.of("command", "device-revoke", "name", name));
                Map<String, Object> one = new LinkedHashMap<>(Map.of("name", name));
                one.put("leases", result instanceof Map<?, ?> map ? String.valueOf(map.get("leases")) : "0");
                done.add(one);
            }
        } finally {
            // Those before the one that failed are out, and it has to be known.
            output.print(
                    done,
                    _ -> done.forEach(one ->
                            output.line("%s is out; leases taken back: %s", one.get("name"), one.get("leases"))));
        }
        return 0;
    }
}

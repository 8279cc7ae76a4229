package tirl.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "grant",
        mixinStandardHelpOptions = true,
        description = "Open a service to an address without a knock.",
        footer = {"", "Example: tirl grant 192.0.2.7 ssh --for 30m"})
final class GrantCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "ADDRESS", description = "IPv4 or IPv6, in numbers")
    private String address = "";

    @Parameters(index = "1", paramLabel = "SERVICE", description = "name of a service of the configuration")
    private String service = "";

    @Option(names = "--for", paramLabel = "DURATION", description = "how long, such as 30s, 10m, 2h (default: 10m)")
    private @Nullable String duration;

    @Override
    public Integer call() throws ControlException {
        Map<String, Object> request = new HashMap<>(Map.of("command", "grant", "source", address, "service", service));
        Optional.ofNullable(duration).ifPresent(text -> request.put("for", text));
        output.print(control.client().ask(request), output::leases);
        return 0;
    }
}

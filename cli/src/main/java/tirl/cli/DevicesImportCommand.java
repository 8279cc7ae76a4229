package tirl.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Take in devices that `tirl devices export` wrote: all of them, or none when one has a mistake.",
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
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Parameters(arity = "1..*", paramLabel = "DIR|FILE", description = "of a directory, each file NAME.toml")
    private List<Path> paths = List.of();

    @Option(names = "--replace", description = "change devices that are there already under the same name")
    private boolean replace;

    @Override
    public Integer call() throws ControlException, IOException {
        Object result = control.client()
                .ask(Map.of("command", "devices-import", "devices", DeviceTexts.read(paths), "replace", replace));
        output.print(result, _ -> {
            if (result instanceof Map<?, ?> counts) {
                output.line("%s added, %s changed", counts.get("added"), counts.get("changed"));
            }
        });
        return 0;
    }
}

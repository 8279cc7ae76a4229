package tirl.cli;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tirl.daemon.control.ControlException;

@Command(
        name = "change",
        mixinStandardHelpOptions = true,
        description = "Change what a device may do; what is not named stays. Leases that live go on as they are.",
        footer = {
            "",
            "Examples:",
            "  tirl devices change anna-laptop --service ssh --service web",
            "  tirl devices change visitor --until 2027-01-31 --from none --uses 0",
        })
final class DevicesChangeCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Mixin
    private RuleOptions rules = new RuleOptions();

    @Option(names = "--uses", paramLabel = "N", description = "how many grants it gets in its life; 0: any number")
    private @Nullable Integer uses;

    @Parameters(index = "0", paramLabel = "NAME", description = "as `tirl devices` lists it")
    private String name = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ControlException {
        Map<String, Object> changes = rules.rules();
        Optional.ofNullable(uses).ifPresent(number -> changes.put("uses", number));
        if (changes.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "say what is to change, such as --for 4h");
        }
        Object result = control.client().ask(Map.of("command", "device-change", "name", name, "rules", changes));
        output.print(result, text -> output.line("%s", text));
        return 0;
    }
}

package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tirl.daemon.control.ControlException;

@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = "Make the daemon read its file anew. With a mistake in it, everything stays as it is.",
        footer = {
            "",
            "Live leases go on. With --try it goes back by itself unless it is confirmed; see `tirl try --help`.",
            "",
            "Examples:",
            "  tirl reload",
            "  tirl reload --try --within 2m",
        })
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Option(names = "--try", description = "on trial: back by itself unless confirmed in time")
    private boolean onTrial;

    @Option(names = "--within", paramLabel = "DURATION", description = "time to confirm it, 1s to 1h (default: 60s)")
    private @Nullable String within;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ControlException {
        if (onTrial) {
            String time = within == null ? "60s" : within;
            output.print(
                    control.client().ask(Map.of("command", "try", "within", time)),
                    answer -> TryCommand.told(output, answer, time));
            return 0;
        }
        if (within != null) {
            throw new ParameterException(spec.commandLine(), "--within goes with --try");
        }
        output.print(control.client().ask(Map.of("command", "reload")), text -> output.line("reloaded: %s", text));
        return 0;
    }
}

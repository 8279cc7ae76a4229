package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.control.ControlException;

@Command(
        name = "confirm",
        mixinStandardHelpOptions = true,
        description = "Keep the configuration that is on trial.",
        footer = {
            "",
            "After a restart in the middle of `tirl reload --try` the daemon's file is not used; this goes over to it.",
            "",
            "Example: tirl try new.toml, look whether all works, tirl confirm",
        })
final class ConfirmCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Override
    public Integer call() throws ControlException {
        output.print(control.client().ask(Map.of("command", "confirm")), text -> output.line("%s", text));
        return 0;
    }
}

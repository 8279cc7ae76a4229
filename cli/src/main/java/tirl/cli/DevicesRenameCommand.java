package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "rename",
        mixinStandardHelpOptions = true,
        description = "Give a device another name. Leases that are open keep the old one to their end.",
        footer = {"", "Example: tirl devices rename laptop anna-laptop"})
final class DevicesRenameCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "NAME", description = "as `tirl devices` lists it")
    private String name = "";

    @Parameters(index = "1", paramLabel = "NEW-NAME", description = "its name from now on")
    private String to = "";

    @Override
    public Integer call() throws ControlException {
        Object result = control.client().ask(Map.of("command", "device-rename", "name", name, "to", to));
        output.print(result, text -> output.line("%s", text));
        return 0;
    }
}

package tirl.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = {
            "Invite a device anew, under its name and with its rules.",
            "The old key works until the new one opened its first packet, at most until the invitation ends."
        },
        footer = {
            "",
            "A device changes its key by itself too: `tirl rotate` there needs nobody here.",
            "When the old key is in wrong hands, revoke the device and invite it again.",
            "",
            "Example: tirl devices rotate anna-laptop --grace 2h",
        })
final class DevicesRotateCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Mixin
    private InvitationOutput invitation = new InvitationOutput();

    @Parameters(index = "0", paramLabel = "NAME", description = "as `tirl devices` lists it")
    private String name = "";

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            description = "how long the invitation can be used (default: ${DEFAULT-VALUE})",
            defaultValue = "1d")
    private String grace = "1d";

    @Override
    public Integer call() throws ControlException, IOException {
        invitation.check(false);
        invitation.show(
                control.client().ask(Map.of("command", "device-replace", "name", name, "valid", grace)), output);
        return 0;
    }
}

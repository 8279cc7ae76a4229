package tirl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.control.ControlException;

@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = "List the devices that may knock by SPA, and change what they may.",
        footer = {
            "",
            "Without a command it lists. What is changed holds for the next packet; nothing",
            "has to be reloaded.",
            "",
            "Examples:",
            "  tirl devices",
            "  tirl devices revoke anna-phone       lost: it is out, and its leases end now",
            "  tirl devices change anna-laptop --service ssh --service web --for 4h",
            "  tirl devices rotate anna-laptop      a new invitation, the old key works until then",
        },
        subcommands = {
            DevicesListCommand.class,
            DevicesRenameCommand.class,
            DevicesRevokeCommand.class,
            DevicesChangeCommand.class,
            DevicesRotateCommand.class,
            DevicesKeyCommand.class,
            DevicesExportCommand.class,
            DevicesImportCommand.class,
        })
final class DevicesCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Override
    public Integer call() throws ControlException {
        return DevicesListCommand.list(control, output);
    }
}

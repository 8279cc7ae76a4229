package tirl.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
        name = "try",
        mixinStandardHelpOptions = true,
        description =
                "Let the running daemon go over to another configuration, and back by itself unless it is confirmed.",
        footer = {
            "",
            "It is confirmed by `tirl confirm` on this host, or by a knock from outside that",
            "opens a door of it. FILE then takes the place of the daemon's own file, whose",
            "old text stays beside it as NAME.before.",
            "",
            "When the time is over, ports that are newly guarded are opened by the kernel's",
            "own clock, also when the daemon is dead or hangs. Until it is confirmed, ports",
            "that are not guarded any more stay shut, and break-glass stays as it was.",
            "",
            "Examples:",
            "  tirl try new.toml --within 2m    then knock from afar, or `tirl confirm`",
            "  tirl try --abort                 back at once; the same as `tirl rollback`",
            "  tirl reload --try                the daemon's own file, as it is now",
        })
final class TryCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "the configuration to try")
    private @Nullable Path file;

    @Option(names = "--within", paramLabel = "DURATION", description = "time to confirm it, 1s to 1h (default: 60s)")
    private String within = "60s";

    @Option(names = "--abort", description = "end the trial under way: back at the configuration before")
    private boolean abort;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ControlException, IOException {
        if (abort == (file != null)) {
            throw new ParameterException(spec.commandLine(), "name the file to try, or write --abort");
        }
        if (file == null) {
            return RollbackCommand.rollBack(control, output);
        }
        Map<String, Object> request = Map.of(
                "command",
                "try",
                "name",
                file.toAbsolutePath().normalize().toString(),
                "text",
                text(file),
                "within",
                within);
        output.print(control.client().ask(request), answer -> told(output, answer, within));
        return 0;
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    static void told(Output output, Object answer, String within) {
        output.line("on trial for %s: %s", within, answer);
        output.line("knock from outside or `tirl confirm` to keep it; else all is as before in %s", within);
    }
}

package tirl.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tirl.config.Config;
import tirl.daemon.config.ConfigReader;
import tirl.daemon.config.ConfigResult;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Look for mistakes in a configuration and print all of them; nothing else.",
        footer = {"", "Exit code 1 when the daemon would refuse the file.", "", "Example: tirl check tirl.toml"})
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the configuration")
    private Path file = ConfigReader.DEFAULT_FILE;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        ConfigResult result = ConfigReader.read(file);
        PrintWriter err = spec.commandLine().getErr();
        result.problems().forEach(problem -> err.println(problem.at(file.toString())));
        if (result.config().isEmpty()) {
            return 1;
        }
        Config config = result.config().get();
        spec.commandLine()
                .getOut()
                .println(file + ": good: " + config.services().size() + " services, "
                        + config.doors().size() + " doors");
        return 0;
    }
}

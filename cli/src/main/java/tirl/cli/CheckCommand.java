package tirl.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tirl.config.Config;
import tirl.config.Mail;
import tirl.daemon.config.ConfigReader;
import tirl.daemon.config.ConfigResult;
import tirl.daemon.config.FwknopKeyRings;
import tirl.daemon.mail.MailException;
import tirl.daemon.mail.TestMail;
import tirl.daemon.pgp.KeyRingException;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Look for mistakes in a configuration and print all of them; nothing else.",
        footer = {
            "",
            "Exit code 1 when the daemon would refuse the file, or the mail server the test mail. With [fwknop], or the",
            "directory of fwknopd.conf in place of a file, the GnuPG keys of its stanzas are unlocked too.",
            "",
            "Examples:",
            "  tirl check tirl.toml",
            "  tirl check /etc/fwknop",
            "  tirl check --mail            send a test mail as /etc/tirl/tirl.toml says"
        })
final class CheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the configuration")
    private Path file = ConfigReader.DEFAULT_FILE;

    @Option(names = "--mail", description = "also send a test mail as [mail] says, and tell what the server said")
    private boolean mail;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws MailException {
        ConfigResult result = ConfigReader.read(file);
        PrintWriter err = spec.commandLine().getErr();
        result.problems().forEach(problem -> err.println(problem.at(file.toString())));
        if (result.config().isEmpty()) {
            return 1;
        }
        Config config = result.config().get();
        try {
            FwknopKeyRings.load(config)
                    .ifPresent(keys -> keys.notes().forEach(note -> err.println(file + ": warning: " + note)));
        } catch (KeyRingException e) {
            err.println(file + ": " + e.getMessage());
            return 1;
        }
        spec.commandLine()
                .getOut()
                .println(file + ": good: " + config.services().size() + " services, "
                        + config.doors().size() + " doors");
        return mail ? mail(config) : 0;
    }

    private int mail(Config config) throws MailException {
        if (config.mail().isEmpty()) {
            throw new ParameterException(spec.commandLine(), file + " has no [mail]");
        }
        Mail settings = config.mail().get();
        List<String> refused = TestMail.send(settings);
        refused.forEach(line -> spec.commandLine().getErr().println("tirl: " + line));
        spec.commandLine()
                .getOut()
                .println(settings.server() + " took the test mail from " + settings.from() + " to "
                        + String.join(", ", settings.to()) + (refused.isEmpty() ? "" : ", not for all"));
        return refused.isEmpty() ? 0 : 1;
    }
}

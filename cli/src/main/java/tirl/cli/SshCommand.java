package tirl.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tirl.client.profile.Profile;
import tirl.client.profile.ProfileException;

/** {@link Main} has everything after the first word passed on as it is. */
@Command(
        name = "ssh",
        mixinStandardHelpOptions = true,
        description = "Run ssh to the host of a profile, which is knocked at first.",
        footer = {
            "",
            "Options of tirl come before NAME; what comes after it is for ssh. The exit code is that of ssh.",
            "",
            "Examples:",
            "  tirl ssh gate",
            "  tirl ssh gate -l root uptime",
        })
final class SshCommand implements Callable<Integer> {
    private final ProfileOptions options = new ProfileOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "the profile")
    private String name = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "WORD", description = "options and command for ssh")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws ProfileException, IOException, InterruptedException {
        Profile profile = options.profiles().read(name);
        List<String> command = new ArrayList<>(List.of("ssh"));
        // ssh has a shell run it, and puts the port in the place of %p.
        command.add("-oProxyCommand='" + System.getProperty("tirl.program", "tirl") + "' proxy" + options.words() + " "
                + profile.name() + " %p");
        command.add("-p" + profile.port());
        profile.user().ifPresent(user -> command.add("-l" + user));
        command.add(profile.host());
        command.addAll(words);
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new IOException("ssh cannot be run: " + e.getMessage() + "; install openssh-client", e);
        }
    }
}

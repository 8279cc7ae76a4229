package tirl.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tirl.client.HostAddresses;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Rotation;

@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description = {
            "Make a new key for this device and tell the server: whoever has copied the old one can do nothing with it "
                    + "from the first packet with the new one on.",
            "The profile keeps both until the server has answered, so that it can be stopped at any time and run again."
        },
        footer = {"", "Example: tirl rotate gate"})
final class RotateCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Parameters(paramLabel = "NAME", description = "the profile")
    private String name = "";

    private final ProfileOptions options = new ProfileOptions();

    private final Output output = new Output();

    @Override
    public Integer call() throws ProfileException, IOException {
        Profile profile = options.profiles().read(name);
        Proof.Spa spa = ProfileOptions.spa(profile);
        Rotation rotation = Rotation.begin(spa, options.tools(name, spa.carriers()), HostAddresses.of(profile.host()));
        rotation.finish(options.patience(PATIENCE));
        output.print(
                "rotated", _ -> output.line("%s has the new key, and so has the profile %s", profile.host(), name));
        return 0;
    }
}

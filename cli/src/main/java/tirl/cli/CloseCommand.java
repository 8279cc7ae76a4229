package tirl.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tirl.client.HostAddresses;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Request;
import tirl.client.spa.SpaKnock;

@Command(
        name = "close",
        mixinStandardHelpOptions = true,
        description = "Give back what a profile of tirl SPA has open, before its time is over.",
        footer = {
            "",
            "Exit code 1 when the server did not say that it is closed; it ends by itself in any case.",
            "",
            "Examples:",
            "  tirl close gate",
            "  tirl close gate --service web",
        })
final class CloseCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "the profile")
    private String name = "";

    @Mixin
    private SpaOptions spaOptions = new SpaOptions();

    @Mixin
    private ProfileOptions options = new ProfileOptions();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws ProfileException, IOException {
        Profile profile = spaOptions.applied(options.profiles().read(name));
        Proof.Spa spa = ProfileOptions.spa(profile);
        Request request = spaOptions.request(Request.Kind.CLOSE, Duration.ZERO, profile, spa);
        try (SpaKnock knock = options.knock(profile, spa, HostAddresses.of(profile.host()), request, spa.answer())) {
            if (spa.answer()) {
                return new Answers(output, profile).ask(knock, options.patience());
            }
            knock.knock();
            output.print("sent", _ -> output.line("asked %s to close; the profile wants no answer", profile.host()));
            return 0;
        }
    }
}

package tirl.cli;

import java.io.IOException;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tirl.client.HostAddresses;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Request;
import tirl.client.spa.SpaKnock;

final class CloseCommand implements Declared {
    private final PositionalParamSpec name = Options.word("NAME", "the profile");
    private final SpaOptions spaOptions = new SpaOptions();
    private final ProfileOptions options = new ProfileOptions();
    private final Output output = new Output();

    @Override
    public CommandSpec declare() {
        CommandSpec spec = Options.command(
                        this,
                        "close",
                        "Give back what a profile of tirl SPA has open, before its time is over.",
                        "",
                        "Exit code 1 when the server did not say that it is closed; it ends by itself in any case.",
                        "",
                        "Examples:",
                        "  tirl close gate",
                        "  tirl close gate --service web")
                .addPositional(name);
        return Options.withShared(spec, spaOptions, options, output);
    }

    @Override
    public Integer call() throws ProfileException, IOException {
        Profile profile = spaOptions.applied(options.profiles().read(name.getValue()));
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

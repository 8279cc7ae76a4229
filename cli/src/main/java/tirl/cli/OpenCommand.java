package tirl.cli;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import tirl.client.HostAddresses;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Request;
import tirl.client.spa.SpaKnock;
import tirl.client.visit.Visit;

final class OpenCommand implements Declared {
    private final PositionalParamSpec name = Options.word("NAME", "the profile");
    private final OptionSpec wait = Options.flag("return when the port answers, and say how long it took", "--wait");
    private final OptionSpec answer = Options.flag("wait for the server's sealed answer, and print it", "--answer");
    private final OptionSpec lasting =
            Options.text("TIME", "ask for a lease of this time, such as 30m (default: what the server gives)", "--for");
    private final SpaOptions spaOptions = new SpaOptions();
    private final ProfileOptions options = new ProfileOptions();
    private final Output output = new Output();

    @Override
    public CommandSpec declare() {
        CommandSpec spec = Options.command(
                        this,
                        "open",
                        "Knock at the host of a profile, at its IPv4 and its IPv6 address.",
                        "",
                        "A profile is a file ~/.config/tirl/NAME.toml that only you can read. `tirl join` writes one for "
                                + "tirl SPA; for a plain sequence write it yourself:",
                        "  host  = \"gate.example\"",
                        "  port  = 22",
                        "  knock = [\"tcp/7012\", \"udp/5160\", \"tcp/6423\"]",
                        "",
                        "Exit code 1 when the port did not answer in time (with --wait), or the server said no.",
                        "",
                        "Examples:",
                        "  tirl open gate --wait",
                        "  tirl open gate --wait --within 30s && ssh gate.example",
                        "  tirl open gate --service web --for 30m --answer",
                        "  tirl open gate --code --wait              asks for a one-time code")
                .addPositional(name)
                .addOption(wait)
                .addOption(answer)
                .addOption(lasting);
        return Options.withShared(spec, spaOptions, options, output);
    }

    @Override
    public Integer call() throws ProfileException, IOException, InterruptedException {
        Profile profile = spaOptions.applied(options.profiles().read(name.getValue()));
        Duration wanted = Options.value(lasting).map(options::duration).orElse(Duration.ZERO);
        if (profile.proof() instanceof Proof.Spa spa && !Options.given(wait)) {
            return send(profile, spa, wanted);
        }
        boolean sequence = profile.proof() instanceof Proof.Sequence;
        if (sequence && (Options.given(answer) || lasting.getValue() != null)) {
            throw new ProfileException("the profile " + profile.name()
                    + " has a plain sequence: it has no answer, and its server says for how long");
        }
        return Options.given(wait) ? connect(profile, wanted) : knock(profile);
    }

    private int connect(Profile profile, Duration wanted) throws ProfileException, IOException, InterruptedException {
        try (Visit visit = options.visit(profile, spaOptions, wanted)) {
            long start = System.nanoTime();
            try (SocketChannel _ = visit.connect(profile.port(), options.patience())) {
                long millis = (System.nanoTime() - start) / 1_000_000;
                output.print(
                        millis,
                        _ -> output.line("%s port %d is open after %d ms", profile.host(), profile.port(), millis));
            }
        }
        return 0;
    }

    private int knock(Profile profile) throws ProfileException, IOException, InterruptedException {
        try (Visit visit = options.visit(profile, spaOptions, Duration.ZERO)) {
            visit.knock();
        }
        output.print("knocked", _ -> output.line("knocked at %s; a knock has no answer", profile.host()));
        return 0;
    }

    private int send(Profile profile, Proof.Spa spa, Duration wanted) throws ProfileException, IOException {
        Request request = spaOptions.request(Request.Kind.OPEN, wanted, profile, spa);
        try (SpaKnock knock =
                options.knock(profile, spa, HostAddresses.of(profile.host()), request, Options.given(answer))) {
            if (Options.given(answer)) {
                return new Answers(output, profile).ask(knock, options.patience());
            }
            knock.knock();
            output.print(
                    "knocked",
                    _ -> output.line("knocked at %s; --wait or --answer say what came of it", profile.host()));
            return 0;
        }
    }
}

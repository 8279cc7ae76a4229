package tirl.cli;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tirl.client.HostAddresses;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Request;
import tirl.client.spa.SpaKnock;
import tirl.client.visit.Visit;

@Command(
        name = "open",
        mixinStandardHelpOptions = true,
        description = "Knock at the host of a profile, at its IPv4 and its IPv6 address.",
        footer = {
            "",
            "A profile is a file ~/.config/tirl/NAME.toml that only you can read. `tirl join` writes one for tirl SPA; "
                    + "for a plain sequence write it yourself:",
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
            "  tirl open gate --code --wait              asks for a one-time code",
        })
final class OpenCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "the profile")
    private String name = "";

    @Option(names = "--wait", description = "return when the port answers, and say how long it took")
    private boolean wait;

    @Option(names = "--answer", description = "wait for the server's sealed answer, and print it")
    private boolean answer;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "ask for a lease of this time, such as 30m (default: what the server gives)")
    private @Nullable String lasting;

    @Mixin
    private SpaOptions spaOptions = new SpaOptions();

    @Mixin
    private ProfileOptions options = new ProfileOptions();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws ProfileException, IOException, InterruptedException {
        Profile profile = spaOptions.applied(options.profiles().read(name));
        Duration wanted = lasting == null ? Duration.ZERO : options.duration(lasting);
        if (profile.proof() instanceof Proof.Spa spa && !wait) {
            return send(profile, spa, wanted);
        }
        boolean sequence = profile.proof() instanceof Proof.Sequence;
        if (sequence && (answer || lasting != null)) {
            throw new ProfileException("the profile " + name
                    + " has a plain sequence: it has no answer, and its server says for how long");
        }
        return wait ? connect(profile, wanted) : knock(profile);
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
        try (SpaKnock knock = options.knock(profile, spa, HostAddresses.of(profile.host()), request, answer)) {
            if (answer) {
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

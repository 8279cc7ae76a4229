package tirl.cli;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tirl.client.profile.Profile;
import tirl.client.profile.ProfileException;
import tirl.client.visit.Visit;

@Command(
        name = "open",
        mixinStandardHelpOptions = true,
        description = "Knock at the host of a profile, at its IPv4 and its IPv6 address.",
        footer = {
            "",
            "A profile is a file ~/.config/tirl/NAME.toml that only you can read:",
            "  host  = \"gate.example\"",
            "  port  = 22",
            "  knock = [\"tcp/7012\", \"udp/5160\", \"tcp/6423\"]",
            "",
            "Exit code 1 when the port did not answer in time (with --wait).",
            "",
            "Examples:",
            "  tirl open gate --wait",
            "  tirl open gate --wait --within 30s && ssh gate.example",
        })
final class OpenCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "the profile")
    private String name = "";

    @Option(names = "--wait", description = "return when the port answers, and say how long it took")
    private boolean wait;

    @Mixin
    private ProfileOptions options = new ProfileOptions();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws ProfileException, IOException, InterruptedException {
        Profile profile = options.profiles().read(name);
        long start = System.nanoTime();
        Visit visit = ProfileOptions.visit(profile);
        if (!wait) {
            visit.knock();
            output.print("knocked", _ -> output.line("knocked at %s; a knock has no answer", profile.host()));
            return 0;
        }
        try (SocketChannel _ = visit.connect(profile.port(), options.patience())) {
            long millis = (System.nanoTime() - start) / 1_000_000;
            output.print(
                    millis, _ -> output.line("%s port %d is open after %d ms", profile.host(), profile.port(), millis));
        }
        return 0;
    }
}

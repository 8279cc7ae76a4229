package tirl.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.visit.Visit;

@Command(
        name = "keep",
        mixinStandardHelpOptions = true,
        description = {
            "Keep the port of a profile open: knock again before the lease ends, and at once when the network changes.",
            "Runs until it is stopped."
        },
        footer = {
            "",
            "How long a lease lasts is what the profile says (lease = \"30s\"), or --lease; with tirl SPA the server says "
                    + "it, and --lease asks for as much.",
            "",
            "Example: tirl keep gate --lease 5m",
        })
final class KeepCommand implements Callable<Integer> {
    /** How soon a change of the network is seen. */
    private static final Duration LOOK = Duration.ofSeconds(1);
    /** The longest pause between two knocks that could not be sent. */
    private static final Duration MAX_RETRY = Duration.ofSeconds(30);

    private final ProfileOptions options = new ProfileOptions();

    private final Output output = new Output();

    @Option(names = "--lease", paramLabel = "TIME", description = "how long a lease lasts")
    private @Nullable String lease;

    @Parameters(paramLabel = "NAME", description = "the profile")
    private String name = "";

    @Override
    public Integer call() throws ProfileException, IOException, InterruptedException {
        Profile profile = options.profiles().read(name);
        Optional<Duration> lasts = lease != null ? Optional.of(options.duration(lease)) : profile.lease();
        return switch (profile.proof()) {
            case Proof.Sequence _ ->
                keepSequence(
                        profile,
                        lasts.orElseThrow(
                                () -> new ProfileException("say how long a lease lasts: --lease 5m, or lease = "
                                        + "\"5m\" in the profile " + profile.name())));
            case Proof.Spa spa -> keepSpa(profile, spa, lasts);
        };
    }

    private int keepSequence(Profile profile, Duration lasts)
            throws ProfileException, IOException, InterruptedException {
        // Two more tries fit in before the end, should a packet be lost.
        Duration period = lasts.dividedBy(3);
        while (true) {
            Set<String> before = addresses();
            Duration pause = period;
            try (Visit visit = options.visit(profile, SpaOptions.usual(), Duration.ZERO)) {
                visit.knock();
                output.print("knocked", _ -> output.line("knocked at %s", profile.host()));
            } catch (IOException offline) {
                pause = period.compareTo(MAX_RETRY) < 0 ? period : MAX_RETRY;
                output.print("failed", _ -> output.line("%s", offline.getMessage()));
            }
            awaitChange(before, pause);
        }
    }

    private int keepSpa(Profile profile, Proof.Spa spa, Optional<Duration> lasts)
            throws ProfileException, IOException, InterruptedException {
        if (spa.code()) {
            throw new ProfileException("each knock at " + profile.host()
                    + " takes a new one-time code, so nothing can be kept open without you; use `tirl open`");
        }
        if (!spa.answer() && lasts.isEmpty()) {
            throw new ProfileException(
                    "with answer = false say how long a lease lasts: --lease 30m, or lease = \"30m\" in "
                            + "the profile " + profile.name());
        }
        Renewal renewal = new Renewal(options, output, profile.name(), lasts);
        while (true) {
            Set<String> before = addresses();
            awaitChange(before, renewal.knock());
        }
    }

    private static void awaitChange(Set<String> before, Duration limit) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, LOOK.toNanos()));
            if (!addresses().equals(before)) {
                return;
            }
        }
    }

    private static Set<String> addresses() throws IOException {
        Set<String> all = new TreeSet<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            each.inetAddresses().map(InetAddress::getHostAddress).forEach(all::add);
        }
        return all;
    }
}

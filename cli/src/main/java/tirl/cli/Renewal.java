package tirl.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.client.HostAddresses;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Heard;
import tirl.client.spa.Request;
import tirl.client.spa.SpaKnock;
import tirl.config.Notation;

/** Asks for a lease again and again by tirl SPA, as seldom as will do. */
final class Renewal {
    private static final Duration AFTER_YES = Duration.ofMillis(500);
    /** The pause after a failure of this host, which has no network, say. Nothing was sent. */
    private static final Duration RETRY = Duration.ofSeconds(30);
    /** Rounds of packets that one unanswered request sends in the usual time. */
    private static final int ROUNDS = 4;

    private final ProfileOptions options;
    private final Output output;
    private final String name;
    private final Optional<Duration> wanted;
    private boolean warned;

    /**
     * For the profile of this name, which is read each time: its keys may change meanwhile.
     *
     * @param wanted how long a lease should last; empty for what the server gives
     */
    Renewal(ProfileOptions options, Output output, String name, Optional<Duration> wanted) {
        this.options = options;
        this.output = output;
        this.name = name;
        this.wanted = wanted;
    }

    /** Asks once; gives the pause before the next time. */
    Duration knock() throws ProfileException {
        Profile profile = options.profiles().read(name);
        Proof.Spa spa = ProfileOptions.spa(profile);
        Request request =
                new Request(Request.Kind.OPEN, spa.services(), wanted.orElse(Duration.ZERO), OptionalInt.empty());
        try {
            List<InetAddress> addresses = HostAddresses.of(profile.host());
            // Each address takes a packet, and the server hears one in so many seconds.
            Duration shortest = SpaKnock.PER_PACKET.multipliedBy(addresses.size());
            try (SpaKnock knock = options.knock(profile, spa, addresses, request, spa.answer())) {
                return spa.answer() ? asked(profile, knock, shortest) : sent(profile, knock, shortest);
            }
        } catch (IOException offline) {
            output.print("failed", _ -> output.line("%s: %s", profile.host(), offline.getMessage()));
            return RETRY;
        }
    }

    private Duration asked(Profile profile, SpaKnock knock, Duration shortest) throws IOException, ProfileException {
        knock.ask(options.patience(), AFTER_YES);
        List<Heard> yes = knock.yes();
        if (!yes.isEmpty()) {
            Duration granted = Duration.ofSeconds(yes.stream()
                    .mapToLong(one -> Integer.toUnsignedLong(one.answer().seconds()))
                    .min()
                    .orElseThrow());
            output.print("granted", _ -> output.line("%s: granted for %s", profile.host(), Notation.write(granted)));
            return period(granted, shortest);
        }
        List<Heard> heard = knock.heard();
        String why = heard.isEmpty()
                ? "no answer: " + knock.silence()
                : "denied: " + heard.getLast().reason();
        output.print("failed", _ -> output.line("%s: %s", profile.host(), why));
        return heard.isEmpty() ? shortest.multipliedBy(ROUNDS) : shortest;
    }

    private Duration sent(Profile profile, SpaKnock knock, Duration shortest) throws IOException, ProfileException {
        knock.knock();
        output.print("knocked", _ -> output.line("knocked at %s", profile.host()));
        return period(wanted.orElseThrow(), shortest);
    }

    /** Two more tries fit in before the end, should a packet be lost; where that is too often, one at least should. */
    private Duration period(Duration lasts, Duration shortest) {
        Duration third = lasts.dividedBy(3);
        if (lasts.compareTo(shortest) <= 0 && !warned) {
            warned = true;
            output.note(
                    "a lease of %s ends before the next packet after %s: the port is shut in between; ask for a longer one",
                    Notation.write(lasts), Notation.write(shortest));
        }
        return third.compareTo(shortest) > 0 ? third : shortest;
    }
}

package tirl.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import picocli.CommandLine.Model.OptionSpec;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Request;
import tirl.spa.Body;
import tirl.spa.Invitation.Carriers;

/** What can be said about the packets of tirl SPA, beyond the profile. */
final class SpaOptions implements SharedOptions {
    private final OptionSpec services =
            Options.texts("SERVICE", "this service instead of those of the profile; at most three", "-s", "--service");
    private final OptionSpec code =
            Options.flag("read a one-time code from standard input, or ask for it at the terminal", "--code");
    private final OptionSpec classical =
            Options.flag("the short packet, without ML-KEM, if the server takes it", "--classical");
    private final OptionSpec icmp = Options.flag("send it in a ping, if the server takes it", "--icmp");

    @Override
    public List<OptionSpec> options() {
        return List.of(services, code, classical, icmp);
    }

    /** What a command without these options has. */
    static SpaOptions usual() {
        return new SpaOptions();
    }

    /** The profile as these options change it. */
    Profile applied(Profile profile) throws ProfileException {
        // Not by `switch`, for which Java makes a class at run time: people wait for this.
        if (profile.proof() instanceof Proof.Spa spa) {
            return with(profile, spa);
        }
        if (!Options.values(services).isEmpty()
                || Stream.of(code, classical, icmp).anyMatch(Options::given)) {
            throw new ProfileException("the profile " + profile.name()
                    + " has a plain sequence: no --service, --code, --classical or --icmp goes with it");
        }
        return profile;
    }

    private Profile with(Profile profile, Proof.Spa spa) throws ProfileException {
        List<String> wanted = Options.values(services).stream().distinct().toList();
        if (wanted.size() > Body.Target.MOST_SERVICES) {
            throw new ProfileException("a packet names at most " + Body.Target.MOST_SERVICES + " services");
        }
        Proof.Spa changed = new Proof.Spa(
                spa.identity(),
                Options.given(icmp) ? new Carriers(0, 0, true) : spa.carriers(),
                spa.classical() || Options.given(classical),
                wanted.isEmpty() ? spa.services() : wanted,
                spa.mode(),
                spa.addresses(),
                spa.code() || Options.given(code),
                spa.answer());
        return new Profile(profile.name(), profile.host(), profile.port(), profile.user(), profile.lease(), changed);
    }

    /** What the profile asks for, for so long; a one-time code is asked for at the terminal, if it takes one. */
    Request request(Request.Kind kind, Duration lasting, Profile profile, Proof.Spa spa) throws IOException {
        OptionalInt number = spa.code() ? Secrets.code(Options.given(code), profile.name()) : OptionalInt.empty();
        return new Request(kind, spa.services(), lasting, number);
    }
}

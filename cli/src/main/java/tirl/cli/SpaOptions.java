package tirl.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Request;
import tirl.spa.Body;
import tirl.spa.Invitation.Carriers;

/** What can be said about the packets of tirl SPA, beyond the profile. */
final class SpaOptions {
    @Option(
            names = {"-s", "--service"},
            paramLabel = "SERVICE",
            description = "this service instead of those of the profile; at most three")
    private List<String> services = new ArrayList<>();

    @Option(names = "--code", description = "read a one-time code from standard input, or ask for it at the terminal")
    private boolean code;

    @Option(names = "--classical", description = "the short packet, without ML-KEM, if the server takes it")
    private boolean classical;

    @Option(names = "--icmp", description = "send it in a ping, if the server takes it")
    private boolean icmp;

    /** What a command without these options has. */
    static SpaOptions usual() {
        return new SpaOptions();
    }

    /** The profile as these options change it. */
    Profile applied(Profile profile) throws ProfileException {
        return switch (profile.proof()) {
            case Proof.Sequence _ -> {
                if (code || classical || icmp || !services.isEmpty()) {
                    throw new ProfileException("the profile " + profile.name()
                            + " has a plain sequence: no --service, --code, --classical or --icmp goes with it");
                }
                yield profile;
            }
            case Proof.Spa spa -> with(profile, spa);
        };
    }

    private Profile with(Profile profile, Proof.Spa spa) throws ProfileException {
        List<String> wanted = services.stream().distinct().toList();
        if (wanted.size() > Body.Target.MOST_SERVICES) {
            throw new ProfileException("a packet names at most " + Body.Target.MOST_SERVICES + " services");
        }
        Proof.Spa changed = new Proof.Spa(
                spa.identity(),
                icmp ? new Carriers(0, 0, true) : spa.carriers(),
                spa.classical() || classical,
                wanted.isEmpty() ? spa.services() : wanted,
                spa.mode(),
                spa.addresses(),
                spa.code() || code,
                spa.answer());
        return new Profile(profile.name(), profile.host(), profile.port(), profile.user(), profile.lease(), changed);
    }

    /** What the profile asks for, for so long; a one-time code is asked for at the terminal, if it takes one. */
    Request request(Request.Kind kind, Duration lasting, Profile profile, Proof.Spa spa) throws IOException {
        OptionalInt number = spa.code() ? Secrets.code(code, profile.name()) : OptionalInt.empty();
        return new Request(kind, spa.services(), lasting, number);
    }
}

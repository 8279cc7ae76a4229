package tirl.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import tirl.client.HostAddresses;
import tirl.client.Knocker;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.profile.Profiles;
import tirl.client.spa.Carrier;
import tirl.client.spa.Counter;
import tirl.client.spa.Request;
import tirl.client.spa.SealingPractice;
import tirl.client.spa.SpaKnock;
import tirl.client.spa.Tools;
import tirl.client.spa.UdpCarrier;
import tirl.client.visit.Approach;
import tirl.client.visit.SequenceApproach;
import tirl.client.visit.SpaApproach;
import tirl.client.visit.Visit;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.linux.icmp.EchoSocket;
import tirl.spa.Invitation.Carriers;

/** Where the profiles are, and how long to wait. */
final class ProfileOptions implements SharedOptions, Practised {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String DIRECTORY = "--profiles";

    private final OptionSpec directory =
            Options.text("DIR", "the folder of the profiles NAME.toml (default: ~/.config/tirl)", DIRECTORY);
    private final OptionSpec within =
            Options.text("TIME", "give up waiting after this time (default: 10s; for join and rotate 20s)", "--within");

    @Override
    public List<OptionSpec> options() {
        return List.of(directory, within);
    }

    Profiles profiles() {
        return Options.value(directory)
                .map(path -> new Profiles(Path.of(path)))
                .orElseGet(() -> Profiles.ofUser(System.getenv()));
    }

    private record Named(Profiles profiles, String name) {}

    /** The profile that is named among the words. */
    private static Optional<Named> named(List<String> words) {
        int given = words.indexOf(DIRECTORY) + 1;
        Profiles profiles = given > 0 && given < words.size()
                ? new Profiles(Path.of(words.get(given)))
                : Profiles.ofUser(System.getenv());
        return words.stream().skip(1).filter(profiles::has).findFirst().map(name -> new Named(profiles, name));
    }

    /** Seals a packet of nobody's, or reads the profile of a sequence that is named among the words. */
    @Override
    public void practise(List<String> words) throws IOException, ProfileException {
        Optional<Named> named = named(words);
        if (named.isEmpty()) {
            return;
        }
        Profiles profiles = named.get().profiles();
        String name = named.get().name();
        if (Files.readString(profiles.file(name)).contains("[spa]")) {
            SealingPractice.seal(new SecureRandom());
        } else if (profiles.read(name).proof() instanceof Proof.Sequence sequence) {
            approach(sequence, List.of()).close();
        }
    }

    /** Options that a program started by us needs to find the same profiles. */
    String words() {
        return Options.value(directory)
                        .map(path -> " " + DIRECTORY + " '" + path + "'")
                        .orElse("")
                + Options.value(within).map(time -> " --within " + time).orElse("");
    }

    Duration patience() {
        return patience(PATIENCE);
    }

    Duration patience(Duration usual) {
        return Options.value(within).map(this::duration).orElse(usual);
    }

    Duration duration(String text) {
        try {
            return Notation.duration(text);
        } catch (NotationException e) {
            throw new ParameterException(within.command().commandLine(), e.problem(), e);
        }
    }

    /** What the packets of the profile of this name are made and sent with. */
    Tools tools(String name, Carriers carriers) throws ProfileException {
        SecureRandom random = new SecureRandom();
        Carrier carrier = carriers.firstPort() > 0
                ? new UdpCarrier(carriers.firstPort(), carriers.lastPort(), random)
                : new EchoCarrier(random);
        Profiles profiles = profiles();
        return new Tools(
                new Counter(profiles.counter(name)),
                carrier,
                random,
                InstantSource.system(),
                identity -> profiles.rekey(name, identity));
    }

    /** A request, whose packets go to these addresses. */
    SpaKnock knock(Profile profile, Proof.Spa spa, List<InetAddress> addresses, Request request, boolean answer)
            throws ProfileException {
        return new SpaKnock(spa, tools(profile.name(), spa.carriers()), addresses, request, answer);
    }

    /** The proof of a profile for a command that goes with tirl SPA alone. */
    static Proof.Spa spa(Profile profile) throws ProfileException {
        return switch (profile.proof()) {
            case Proof.Spa spa -> spa;
            case Proof.Sequence _ ->
                throw new ProfileException("the profile " + profile.name()
                        + " has a plain sequence; this goes with tirl SPA only, see `tirl join --help`");
        };
    }

    /** The way in that the profile describes, with what else is wanted of it. */
    Visit visit(Profile profile, SpaOptions wanted, Duration lasting) throws IOException, ProfileException {
        List<InetAddress> addresses = HostAddresses.of(profile.host());
        Approach approach = switch (profile.proof()) {
            case Proof.Sequence sequence -> approach(sequence, addresses);
            case Proof.Spa spa ->
                new SpaApproach(
                        profile.name(),
                        knock(
                                profile,
                                spa,
                                addresses,
                                wanted.request(Request.Kind.OPEN, lasting, profile, spa),
                                spa.answer()));
        };
        return new Visit(profile.host(), addresses, approach);
    }

    private static Approach approach(Proof.Sequence sequence, List<InetAddress> addresses) {
        return new SequenceApproach(sequence, new Knocker(EchoSocket::send), addresses);
    }
}

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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tirl.client.HostAddresses;
import tirl.client.Knocker;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.profile.Profiles;
import tirl.client.spa.Carrier;
import tirl.client.spa.Counter;
import tirl.client.spa.Request;
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
final class ProfileOptions implements Practised {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String DIRECTORY = "--profiles";

    @Option(
            names = DIRECTORY,
            paramLabel = "DIR",
            description = "the folder of the profiles NAME.toml (default: ~/.config/tirl)")
    private @Nullable Path directory;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "give up waiting after this time (default: 10s; for join and rotate 20s)")
    private @Nullable String within;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    Profiles profiles() {
        return directory != null ? new Profiles(directory) : Profiles.ofUser(System.getenv());
    }

    private record Named(Profiles profiles, String name) {}

    /** The profile that is named among the words. */
    private static Optional<Named> named(List<String> words) {
        int given = words.indexOf(DIRECTORY) + 1;
        Profiles profiles = given > 0 && given < words.size()
                ? new Profiles(Path.of(words.get(given)))
                : Profiles.ofUser(System.getenv());
        List<String> names = profiles.names();
        return words.stream().skip(1).filter(names::contains).findFirst().map(name -> new Named(profiles, name));
    }

    /** With keys it is: Java looks for who can use them. */
    @Override
    public boolean isLong(List<String> words) throws IOException, ProfileException {
        Optional<Named> named = named(words);
        return named.isPresent()
                && Files.readString(named.get().profiles().file(named.get().name()))
                        .contains("[spa]");
    }

    /** Reads the profile that is named among the words, if one is, and forgets its secrets. */
    @Override
    public void practise(List<String> words) throws ProfileException {
        Optional<Named> named = named(words);
        if (named.isPresent()) {
            Profile profile = SpaOptions.usual()
                    .applied(named.get().profiles().read(named.get().name()));
            switch (profile.proof()) {
                case Proof.Sequence sequence -> approach(sequence, List.of()).close();
                case Proof.Spa spa -> spa.identity().wipe();
            }
        }
    }

    /** Options that a program started by us needs to find the same profiles. */
    String words() {
        return (directory == null ? "" : " " + DIRECTORY + " '" + directory + "'")
                + (within == null ? "" : " --within " + within);
    }

    Duration patience() {
        return patience(PATIENCE);
    }

    Duration patience(Duration usual) {
        return within == null ? usual : duration(within);
    }

    Duration duration(String text) {
        try {
            return Notation.duration(text);
        } catch (NotationException e) {
            throw new ParameterException(spec.commandLine(), e.problem(), e);
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

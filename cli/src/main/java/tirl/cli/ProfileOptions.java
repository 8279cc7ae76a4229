package tirl.cli;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tirl.client.Knocker;
import tirl.client.profile.Profile;
import tirl.client.profile.Profiles;
import tirl.client.visit.Visit;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.linux.icmp.EchoSocket;

/** Where the profiles are, and how long to wait. */
final class ProfileOptions {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = "--profiles",
            paramLabel = "DIR",
            description = "the folder of the profiles NAME.toml (default: ~/.config/tirl)")
    private @Nullable Path directory;

    @Option(
            names = "--within",
            paramLabel = "TIME",
            description = "give up waiting for the port after this time (default: 10s)")
    private @Nullable String within;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    Profiles profiles() {
        return directory != null ? new Profiles(directory) : Profiles.ofUser(System.getenv());
    }

    /** Options that a program started by us needs to find the same profiles. */
    String words() {
        return (directory == null ? "" : " --profiles '" + directory + "'")
                + (within == null ? "" : " --within " + within);
    }

    Duration patience() {
        return within == null ? PATIENCE : duration(within);
    }

    Duration duration(String text) {
        try {
            return Notation.duration(text);
        } catch (NotationException e) {
            throw new ParameterException(spec.commandLine(), e.problem(), e);
        }
    }

    static Visit visit(Profile profile) throws IOException {
        try {
            return Visit.to(profile, new Knocker(EchoSocket::send));
        } catch (UnknownHostException e) {
            throw new IOException("the name " + profile.host() + " has no address", e);
        }
    }
}

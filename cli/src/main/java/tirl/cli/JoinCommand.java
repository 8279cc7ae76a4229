package tirl.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tirl.client.HostAddresses;
import tirl.client.profile.Identity;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.profile.Profiles;
import tirl.client.spa.Counter;
import tirl.client.spa.Heard;
import tirl.client.spa.Joining;
import tirl.packet.Address;
import tirl.spa.AddressMode;
import tirl.spa.DeviceKeyText;
import tirl.spa.Invitation;
import tirl.spa.KemSeed;
import tirl.spa.X25519PrivateKey;

@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        description = {
            "Make keys for this device from an invitation (`tirl invite` on the server), note them in a profile, and "
                    + "register with one packet.",
            "The invitation is a secret until it is used: it is asked for without being shown, or read from standard input."
        },
        footer = {
            "",
            "Run again with the same invitation, it goes on where it stopped. A profile is never overwritten.",
            "",
            "Examples:",
            "  tirl join                           asks for the invitation",
            "  tirl join --as work < invitation    from a file",
            "  tirl join --user me --port 2222     for `tirl ssh`",
            "  tirl join --offline                 sends nothing; prints a line for the server's administrator",
        })
final class JoinCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9._-]");

    @Parameters(
            arity = "0..1",
            paramLabel = "URI",
            description = "the invitation; other users of this machine can see it in the list of processes")
    private @Nullable String uri;

    @Option(names = "--as", paramLabel = "NAME", description = "the profile's name (default: the host's first label)")
    private @Nullable String as;

    @Option(names = "--offline", description = "send nothing; print the device's public key for `tirl devices`")
    private boolean offline;

    @Option(names = "--port", paramLabel = "PORT", description = "the TCP port that will open (default: 22)")
    private int port = 22;

    @Option(names = "--user", paramLabel = "USER", description = "whom `tirl ssh` logs in as")
    private @Nullable String user;

    private final ProfileOptions options = new ProfileOptions();

    private final Output output = new Output();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ProfileException, IOException {
        if (port < 1 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "ports go from 1 to 65535");
        }
        if (user != null && !user.matches("[A-Za-z0-9._@][A-Za-z0-9._@-]*")) {
            throw new ParameterException(spec.commandLine(), "\"" + user + "\" is no user's name");
        }
        Invitation invitation = invitation();
        Optional<String> expired = Joining.expired(invitation, Instant.now());
        if (expired.isPresent()) {
            throw new IOException(expired.get());
        }
        String name = as != null ? as : usualName(invitation.host());
        try {
            return join(invitation, name);
        } finally {
            invitation.secret().wipe();
        }
    }

    private Invitation invitation() throws IOException {
        if (uri != null) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "note: other users of this machine could see the invitation; without it in the command line "
                                    + "`tirl join` asks for it");
        }
        return Invitation.parse(uri != null ? uri : Secrets.invitation())
                .orElseThrow(
                        () -> new IOException("this is no invitation, or a letter of it is missing or wrong; it begins "
                                + "with TIRL: and is one line of `tirl invite`"));
    }

    private int join(Invitation invitation, String name) throws ProfileException, IOException {
        Profiles profiles = options.profiles();
        Proof.Spa spa = profiles.has(name) ? same(invitation, profiles.read(name)) : begin(invitation, name);
        Path file = profiles.file(name);
        if (offline) {
            String line = DeviceKeyText.write(spa.identity().device().publicKey());
            output.print(line, _ -> output.line("%s", line));
            spec.commandLine()
                    .getErr()
                    .println("the profile is " + file + "; give the line above to the server's administrator: it is "
                            + "public, but must arrive unchanged (`tirl devices key NAME` there)");
            return 0;
        }
        Joining joining =
                new Joining(invitation, spa, options.tools(name, spa.carriers()), HostAddresses.of(invitation.host()));
        Heard heard = joining.register(options.patience(PATIENCE));
        output.print(
                name,
                _ -> output.line(
                        "%s knows this device now; its profile is %s\n%s\ntry: tirl doctor %s, tirl ssh %s",
                        invitation.host(), file, heard.clock(), name, name));
        return 0;
    }

    /** The profile is on the disk before the server hears of its key. */
    private Proof.Spa begin(Invitation invitation, String name) throws ProfileException, IOException {
        byte[] random = new byte[X25519PrivateKey.LENGTH];
        new SecureRandom().nextBytes(random);
        X25519PrivateKey device = new X25519PrivateKey(random);
        Arrays.fill(random, (byte) 0);
        KemSeed seed = invitation.secret().kemSeed(invitation.server());
        Identity identity = new Identity(
                invitation.server(),
                device,
                invitation.secret().enrolment(invitation.server()),
                seed.publicKey(),
                Optional.empty());
        seed.wipe();
        if (identity.keys().isEmpty()) {
            throw new IOException("the server's key in the invitation is useless; ask for a new one");
        }
        Proof.Spa spa = new Proof.Spa(
                identity,
                invitation.carriers(),
                invitation.classical(),
                List.of(),
                AddressMode.OBSERVED,
                List.of(),
                false,
                true);
        Profile profile = new Profile(name, invitation.host(), port, Optional.ofNullable(user), Optional.empty(), spa);
        Profiles profiles = options.profiles();
        profiles.create(profile, spa);
        new Counter(profiles.counter(name)).begin(System.currentTimeMillis());
        return spa;
    }

    /** A registration that was cut short goes on with the key that the server may know already. */
    private static Proof.Spa same(Invitation invitation, Profile profile) throws ProfileException {
        if (profile.proof() instanceof Proof.Spa spa
                && spa.identity().server().equals(invitation.server())
                && Arrays.equals(
                        spa.identity().enrolment().bytes(),
                        invitation.secret().enrolment(invitation.server()).bytes())) {
            return spa;
        }
        throw new ProfileException("there is a profile " + profile.name() + " already, of " + profile.host()
                + "; choose another name: --as NAME");
    }

    private static String usualName(String host) {
        String name = Address.parse(host).isPresent() ? host : host.split("\\.", 2)[0];
        String usual = UNUSUAL.matcher(name).replaceAll("-");
        return usual.matches("[A-Za-z0-9].*") ? usual : "host" + usual;
    }
}

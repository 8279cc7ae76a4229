package tirl.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tirl.daemon.control.ControlException;

@Command(
        name = "invite",
        mixinStandardHelpOptions = true,
        description = "Invite a device to this host's SPA: prints a line and a QR code for `tirl join`.",
        footer = {
            "",
            "The invitation is a secret, works once, and ends by itself. Take it back with",
            "`tirl devices revoke NAME`. The configuration needs a section [spa].",
            "",
            "Examples:",
            "  tirl invite anna-laptop --service ssh",
            "  tirl invite anna-phone -s ssh -s web --for 30m --from 10.0.0.0/8 --code",
            "  tirl invite visitor --service web --for 1h --guest --valid 2h --png visitor.png",
            "  tirl invite ci --service ssh --hours \"mon-fri 08:00-18:00\" --json",
        })
final class InviteCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Mixin
    private RuleOptions rules = new RuleOptions();

    @Mixin
    private InvitationOutput invitation = new InvitationOutput();

    @Parameters(index = "0", paramLabel = "NAME", description = "what the device is to be called here")
    private String name = "";

    @ArgGroup
    private @Nullable Uses uses;

    /** How often, said in one of two ways. */
    static final class Uses {
        @Option(
                names = "--uses",
                paramLabel = "N",
                description = "how many grants it gets in its life (usual: any number)")
        private int number;

        @Option(names = "--guest", description = "one grant and no more: --uses 1")
        private boolean guest;

        /** picocli makes it. */
        Uses() {}

        int number() {
            return guest ? 1 : number;
        }
    }

    @Option(
            names = "--valid",
            paramLabel = "DURATION",
            description = "how long the invitation can be used, such as 1h or 7d (default: 1d)")
    private @Nullable String valid;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = "how the device reaches this host (default: name of [spa])")
    private @Nullable String host;

    @Option(names = "--code", description = "ask for a one-time code of an authenticator app with each request")
    private boolean code;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws ControlException, IOException {
        Map<String, Object> said = rules.rules();
        if (!said.containsKey("services")) {
            throw new ParameterException(spec.commandLine(), "name what it may open: --service ssh");
        }
        Optional.ofNullable(uses).ifPresent(some -> said.put("uses", some.number()));
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("command", "invite");
        request.put("name", name);
        request.put("rules", said);
        request.put("code", code);
        Optional.ofNullable(valid).ifPresent(text -> request.put("valid", text));
        Optional.ofNullable(host).ifPresent(text -> request.put("host", text));
        invitation.check(code);
        invitation.show(control.client().ask(request), output);
        return 0;
    }
}

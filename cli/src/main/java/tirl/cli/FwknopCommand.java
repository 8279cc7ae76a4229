package tirl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tirl.client.HostAddresses;
import tirl.client.fwknop.Delivery;
import tirl.client.fwknop.FwknopException;
import tirl.client.fwknop.Plan;
import tirl.client.fwknop.RcFile;
import tirl.client.fwknop.Route;
import tirl.client.fwknop.Unused;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;
import tirl.linux.icmp.EchoLine;
import tirl.packet.Address;

/** Takes the options, rc file and exit codes of fwknop's client. */
@Command(
        name = "fwknop",
        exitCodeOnInvalidInput = 1,
        versionProvider = FwknopCommand.FwknopVersion.class,
        description = "Be fwknop's client: send one packet that opens a port at a fwknopd 2.x.",
        footer = {
            "",
            "docs/fwknop-client.md says what is done otherwise and why. Exit code 0 means that the packet was sent;",
            "there is no answer.",
            "",
            "Examples:",
            "  tirl fwknop --key-gen --use-hmac -A tcp/22 -a 192.0.2.10 -D gate.example -n gate --save-rc-stanza",
            "  tirl fwknop -n gate",
            "  tirl fwknop -n gate -A tcp/443 --fw-timeout 60",
            "  tirl fwknop -n gate --nat-access 10.0.0.5:22 --nat-port 2222",
            "  tirl fwknop -n gate -P http --http-proxy proxy.example:3128",
            "  tirl fwknop -A tcp/22 -a 192.0.2.10 -D gate.example --gpg-agent \\",
            "              --gpg-recipient-key SERVER --gpg-signer-key ME -n gpg --save-rc-stanza",
            "  ln -s /usr/bin/tirl /usr/local/bin/fwknop       # in place of the original",
        })
final class FwknopCommand implements Callable<Integer> {
    /** In the form that scripts expect. */
    static final class FwknopVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"fwknop client (" + new Version().getVersion()[0] + "), FKO protocol version 3.0.0"};
        }
    }

    @Mixin
    private FwknopOptions options = new FwknopOptions();

    @Mixin
    private FwknopKeys keys = new FwknopKeys();

    @Mixin
    private FwknopGnupg gnupg = new FwknopGnupg();

    @Mixin
    private FwknopGeneration generation = new FwknopGeneration();

    @Mixin
    private FwknopRc rc = new FwknopRc();

    @Option(
            names = {"-C", "--server-cmd"},
            paramLabel = "COMMAND",
            description = "have the server run this")
    private @Nullable String command;

    @Option(
            names = {"-H", "--http-proxy"},
            paramLabel = "HOST[:PORT]",
            description = "send over HTTP by this proxy")
    private @Nullable String proxy;

    @Option(
            names = {"-B", "--save-packet"},
            paramLabel = "FILE",
            description = "write the packet to this file")
    private @Nullable Path packetFile;

    @Option(
            names = {"-b", "--save-packet-append"},
            description = "add it to the file")
    private boolean append;

    @Option(names = "--icmp-type", paramLabel = "N", description = "8, an echo request, is the only one")
    private @Nullable Integer icmpType;

    @Option(names = "--icmp-code", paramLabel = "N", description = "0 is the only one")
    private @Nullable Integer icmpCode;

    @Option(names = "--fault-injection-tag", paramLabel = "TAG", description = "not there: for tests of the original")
    private @Nullable String faultTag;

    @Option(
            names = {"-l", "--last-cmd", "--show-last"},
            description = "not there: command lines are not kept")
    private boolean last;

    @Option(
            names = {"-E", "--save-args-file"},
            paramLabel = "FILE",
            description = "not there: command lines are not kept")
    private @Nullable Path argsFile;

    @Option(
            names = {"-T", "--test"},
            description = "show the packet and send none")
    private boolean test;

    @Option(
            names = {"-v", "--verbose"},
            description = "show the packet")
    private boolean[] verbose = {};

    @SuppressWarnings("UnusedVariable") // picocli acts on it
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "print the version")
    private boolean version;

    @SuppressWarnings("UnusedVariable") // picocli acts on it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this help")
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final SecureRandom random = new SecureRandom();

    @Override
    public Integer call() throws IOException {
        try {
            run();
            return 0;
        } catch (FwknopException e) {
            spec.commandLine().getErr().println("fwknop: " + e.getMessage());
            return 1;
        }
    }

    private void run() throws IOException, FwknopException {
        PrintWriter err = spec.commandLine().getErr();
        if (last || argsFile != null) {
            throw new FwknopException("tirl keeps no command lines, which may have keys in them; "
                    + "keep options in a stanza: --save-rc-stanza");
        }
        if (rc.isList()) {
            rc.list(spec.commandLine().getOut());
            return;
        }
        if (faultTag != null) {
            throw new FwknopException("--fault-injection-tag is for tests of the original fwknop");
        }
        Values said = keys.values().over(gnupg.values()).over(options.values());
        if (verbose.length > 0) {
            said.set(Variable.VERBOSE, "Y");
        }
        keys.visible()
                .forEach(option -> err.println("warning: everybody on this machine can see the value of " + option
                        + "; keep keys in the rc file"));
        Values all = said.over(rc.read(err));
        Plan plan = new Plan(all, random);
        plan.check();
        warn(generation.unused().stream());
        if (generation.isWanted()) {
            generation.run(plan, said, rc, spec.commandLine().getOut());
            return;
        }
        warn(Stream.concat(Unused.of(all).stream(), unused(said)));
        if (rc.isSave()) {
            rc.save(said);
        }
        send(plan, all);
    }

    private void warn(Stream<String> notes) {
        notes.forEach(note -> spec.commandLine().getErr().println("warning: " + note));
    }

    /** Options that set no variable, where they do nothing. */
    private Stream<String> unused(Values said) throws FwknopException {
        Optional<String> proto = said.get(Variable.SPA_SERVER_PROTO);
        if (proxy != null
                && proto.filter(name -> !name.equalsIgnoreCase("http")).isPresent()) {
            throw new FwknopException("--http-proxy goes with -P http, not with -P " + proto.get());
        }
        List<String> notes = new ArrayList<>();
        if (append && packetFile == null) {
            notes.add("--save-packet-append does nothing without --save-packet FILE");
        }
        if (rc.isForceWithoutSave()) {
            notes.add("--force-stanza does nothing without --save-rc-stanza");
        }
        return notes.stream();
    }

    private void send(Plan plan, Values all) throws IOException, FwknopException {
        if (test && all.get(Variable.SPA_SERVER).isEmpty()) {
            // Nothing is sent there.
            all.set(Variable.SPA_SERVER, "127.0.0.1");
        }
        Route route = plan.route(Optional.ofNullable(proxy));
        checkIcmp(route);
        Address allow = plan.allow(url -> FwknopLookup.ask(url, route.agent()));
        if (!allow.isIpv4()) {
            warn(Stream.of("fwknopd takes no IPv6 address to let in; a tirl server does"));
        }
        Plan.Packet packet =
                plan.packet(allow, Optional.ofNullable(command), user(all), keys.secret(all), InstantSource.system());
        warn(packet.notes().stream());
        String level = all.get(Variable.VERBOSE).orElse("0");
        PrintWriter out = spec.commandLine().getOut();
        FwknopReport report = new FwknopReport(out);
        boolean talks = all.isYes(Variable.VERBOSE) || !(level.equals("0") || level.startsWith("N"));
        if (test || talks) {
            report.fields(packet);
        }
        if (talks) {
            report.route(route);
        }
        if (packetFile != null) {
            save(packetFile, packet.text());
        }
        if (test) {
            out.println("test mode enabled, SPA packet not actually sent.");
        } else {
            new Delivery(FwknopCommand::echo).send(route, server(route, all), packet.text());
        }
        out.flush();
    }

    private void checkIcmp(Route route) throws FwknopException {
        if ((icmpType != null && icmpType != 8) || (icmpCode != null && icmpCode != 0)) {
            throw new FwknopException("-P icmp sends echo requests, which need no root: --icmp-type 8, --icmp-code 0");
        }
        if ((icmpType != null || icmpCode != null) && route.carrier() != Route.Carrier.ICMP) {
            warn(Stream.of((icmpType == null ? "--icmp-code" : "--icmp-type") + " does nothing without -P icmp"));
        }
    }

    private void save(Path file, String packet) throws IOException {
        boolean adds = append && Files.exists(file);
        RcFile.write(file, (adds ? RcFile.read(file) : "") + packet + "\n");
    }

    /** fwknopd listens to IPv4 only, so that comes first. */
    private static InetAddress server(Route route, Values all) throws IOException {
        List<InetAddress> found =
                HostAddresses.of(route.proxy().map(Delivery::proxyHost).orElse(route.host()));
        Optional<InetAddress> ipv4 =
                found.stream().filter(Inet4Address.class::isInstance).findFirst();
        if (ipv4.isEmpty() && all.isYes(Variable.SERVER_RESOLVE_IPV4)) {
            throw new IOException(route.host() + " has no IPv4 address");
        }
        return ipv4.orElseGet(found::getFirst);
    }

    private static String user(Values all) {
        return Stream.of(
                        all.get(Variable.SPOOF_USER).orElse(null),
                        System.getenv("SPOOF_USER"),
                        System.getenv("LOGNAME"),
                        System.getProperty("user.name"))
                .filter(Objects::nonNull)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("NO_USER");
    }

    private static void echo(InetAddress target, byte[] payload) throws IOException {
        try (EchoLine line = EchoLine.to(target, (short) ProcessHandle.current().pid())) {
            line.send(payload);
        }
    }
}

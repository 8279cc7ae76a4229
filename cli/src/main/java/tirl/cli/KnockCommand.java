package tirl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tirl.client.Knock;
import tirl.client.Knocker;
import tirl.client.ServiceNames;
import tirl.daemon.onetime.OneTimeFile;
import tirl.daemon.onetime.OneTimeLine;
import tirl.knockd.KnockdSequenceParser;
import tirl.knockd.KnockdSequenceResult;
import tirl.linux.icmp.EchoSocket;
import tirl.packet.Address;

/** Takes knockd's client's options, words and exit codes: 1 for wrong usage and, oddly, for help. */
@Command(
        name = "knock",
        exitCodeOnInvalidInput = 1,
        exitCodeOnUsageHelp = 1,
        versionProvider = Version.class,
        description = "Knock at a host: one packet to each port, in order.",
        footer = {
            "",
            "Exit code 0 means that all packets were sent; a knock has no answer.",
            "",
            "Examples:",
            "  tirl knock gate.example 7000 8000 9000",
            "  tirl knock -d 100 2001:db8::1 7000 8000:udp 64:icmp",
        })
final class KnockCommand implements Callable<Integer> {
    private static final Pattern LEADING_NUMBER = Pattern.compile("\\s*([+-]?\\d{1,9}).*");

    @Option(
            names = {"-u", "--udp"},
            description = "every port UDP")
    private boolean udp;

    @Option(
            names = {"-d", "--delay"},
            paramLabel = "MS",
            description = "wait so many milliseconds after each knock")
    private String delay = "0";

    @Option(
            names = {"-4", "--ipv4"},
            description = "use IPv4")
    private boolean ipv4;

    @Option(
            names = {"-6", "--ipv6"},
            description = "use IPv6")
    private boolean ipv6;

    @Option(
            names = {"-v", "--verbose"},
            description = "say each knock")
    private boolean verbose;

    @Option(
            names = "--one-time",
            paramLabel = "FILE",
            description = "use the next sequence of this file, in knockd's format, and strike it out first")
    private @Nullable Path oneTimeFile;

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

    @Parameters(index = "0", paramLabel = "HOST", description = "name or address")
    private String host = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "PORT[:PROTO]",
            description =
                    "a number or the name of a service; PROTO is tcp (default), udp or icmp, and with icmp PORT is "
                            + "the payload size")
    private List<String> ports = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        int milliseconds = leadingNumber(delay);
        if (milliseconds < 0) {
            spec.commandLine().getErr().println("error: delay cannot be negative");
            return 1;
        }
        List<Knock> knocks = oneTimeFile == null ? knocks() : nextOf(oneTimeFile);
        Optional<InetAddress> resolved = resolve();
        if (resolved.isEmpty()) {
            return 1;
        }
        InetAddress target = resolved.get();
        Knocker knocker = new Knocker(EchoSocket::send);
        PrintWriter out = spec.commandLine().getOut();
        for (int i = 0; i < knocks.size(); i++) {
            if (verbose) {
                out.println("hitting " + protocol(knocks.get(i)) + " " + Address.of(target) + ":"
                        + (oneTimeFile == null
                                ? ports.get(i).split(":", 2)[0]
                                : knocks.get(i).number()));
                out.flush();
            }
            knocker.send(target, knocks.get(i));
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        }
        return 0;
    }

    /** The sequence is struck out before the first knock goes out: rather one wasted than one used twice. */
    private List<Knock> nextOf(Path path) throws IOException {
        if (!ports.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--one-time has the ports; name only the host");
        }
        OneTimeFile<Knock> file = OneTimeFile.read(path, KnockCommand::sequence, warning -> {});
        while (true) {
            OneTimeLine<Knock> line = file.current()
                    .orElseThrow(() ->
                            new IOException(path + ": no sequence is left; get new ones for here and for the server"));
            if (file.use(line)) {
                return line.sequence();
            }
        }
    }

    private static Optional<List<Knock>> sequence(String line) {
        return switch (KnockdSequenceParser.parse("", line)) {
            case KnockdSequenceResult.Steps(var steps, var _) ->
                Optional.of(steps.stream()
                        .map(step -> new Knock(step.transport(), step.port()))
                        .toList());
            case KnockdSequenceResult.Wrong _ -> Optional.empty();
        };
    }

    private static String protocol(Knock knock) {
        return switch (knock.transport()) {
            case TCP -> "tcp";
            case UDP -> "udp";
            case ICMP -> "icmp";
        };
    }

    /** knock reads numbers as C's atoi does: a word is 0. */
    private static int leadingNumber(String text) {
        Matcher matcher = LEADING_NUMBER.matcher(text);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private List<Knock> knocks() {
        if (ports.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "name at least one port");
        }
        ServiceNames names = ServiceNames.ofHost();
        List<Knock> knocks = new ArrayList<>();
        for (String port : ports) {
            try {
                knocks.add(Knock.parse(port, udp, names));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
            }
        }
        return knocks;
    }

    /** Empty when there is no such address, which is said in knock's words. */
    private Optional<InetAddress> resolve() {
        String reason = "Address family for hostname not supported";
        InetAddress[] addresses = {};
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            reason = "Name or service not known";
        }
        Optional<InetAddress> first = Arrays.stream(addresses)
                .filter(address -> !ipv4 || address instanceof Inet4Address)
                .filter(address -> !ipv6 || !(address instanceof Inet4Address))
                .findFirst();
        if (first.isEmpty()) {
            String port = ports.isEmpty() ? "(one-time)" : ports.getFirst().split(":", 2)[0];
            spec.commandLine().getErr().println("Failed to resolve hostname '" + host + "' on port " + port);
            spec.commandLine().getErr().println("getaddrinfo: " + reason);
        }
        return first;
    }
}

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
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
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
final class KnockCommand implements Declared {
    private static final Pattern LEADING_NUMBER = Pattern.compile("\\s*([+-]?\\d{1,9}).*");

    private final OptionSpec udp = Options.flag("every port UDP", "-u", "--udp");
    private final OptionSpec delay = Options.text("MS", "wait so many milliseconds after each knock", "-d", "--delay");
    private final OptionSpec ipv4 = Options.flag("use IPv4", "-4", "--ipv4");
    private final OptionSpec ipv6 = Options.flag("use IPv6", "-6", "--ipv6");
    private final OptionSpec verbose = Options.flag("say each knock", "-v", "--verbose");
    private final OptionSpec oneTimeFile = Options.text(
            "FILE", "use the next sequence of this file, in knockd's format, and strike it out first", "--one-time");
    private final PositionalParamSpec host = Options.word("HOST", "name or address");
    private final PositionalParamSpec ports = PositionalParamSpec.builder()
            .index("1..*")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel("PORT[:PROTO]")
            .description(
                    "a number or the name of a service; PROTO is tcp (default), udp or icmp, and with icmp PORT is "
                            + "the payload size")
            .build();

    @Override
    public CommandSpec declare() {
        return Options.command(
                        this,
                        "knock",
                        "Knock at a host: one packet to each port, in order.",
                        "",
                        "Exit code 0 means that all packets were sent; a knock has no answer.",
                        "",
                        "Examples:",
                        "  tirl knock gate.example 7000 8000 9000",
                        "  tirl knock -d 100 2001:db8::1 7000 8000:udp 64:icmp")
                .exitCodeOnInvalidInput(1)
                .exitCodeOnUsageHelp(1)
                .addPositional(host)
                .addPositional(ports)
                .addOption(udp)
                .addOption(delay)
                .addOption(ipv4)
                .addOption(ipv6)
                .addOption(verbose)
                .addOption(oneTimeFile)
                .addOption(Options.version("print the version"))
                .addOption(Options.help("print this help"));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int milliseconds = Options.value(delay).map(KnockCommand::leadingNumber).orElse(0);
        if (milliseconds < 0) {
            line().getErr().println("error: delay cannot be negative");
            return 1;
        }
        List<String> ports = Options.values(this.ports);
        Optional<String> oneTime = Options.value(oneTimeFile);
        List<Knock> knocks = oneTime.isPresent() ? nextOf(Path.of(oneTime.get())) : knocks(ports);
        Optional<InetAddress> resolved = resolve();
        if (resolved.isEmpty()) {
            return 1;
        }
        InetAddress target = resolved.get();
        Knocker knocker = new Knocker(EchoSocket::send);
        PrintWriter out = line().getOut();
        for (int i = 0; i < knocks.size(); i++) {
            if (Options.given(verbose)) {
                out.println("hitting " + protocol(knocks.get(i)) + " " + Address.of(target) + ":"
                        + (oneTime.isPresent()
                                ? knocks.get(i).number()
                                : ports.get(i).split(":", 2)[0]));
                out.flush();
            }
            knocker.send(target, knocks.get(i));
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        }
        return 0;
    }

    private CommandLine line() {
        return host.command().commandLine();
    }

    /** The sequence is struck out before the first knock goes out: rather one wasted than one used twice. */
    private List<Knock> nextOf(Path path) throws IOException {
        if (!Options.values(ports).isEmpty()) {
            throw new ParameterException(line(), "--one-time has the ports; name only the host");
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

    private List<Knock> knocks(List<String> ports) {
        if (ports.isEmpty()) {
            throw new ParameterException(line(), "name at least one port");
        }
        ServiceNames names = ServiceNames.ofHost();
        List<Knock> knocks = new ArrayList<>();
        for (String port : ports) {
            try {
                knocks.add(Knock.parse(port, Options.given(udp), names));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(line(), String.valueOf(e.getMessage()));
            }
        }
        return knocks;
    }

    /** Empty when there is no such address, which is said in knock's words. */
    private Optional<InetAddress> resolve() {
        String name = host.getValue();
        String reason = "Address family for hostname not supported";
        InetAddress[] addresses = {};
        try {
            addresses = InetAddress.getAllByName(name);
        } catch (UnknownHostException e) {
            reason = "Name or service not known";
        }
        Optional<InetAddress> first = Arrays.stream(addresses)
                .filter(address -> !Options.given(ipv4) || address instanceof Inet4Address)
                .filter(address -> !Options.given(ipv6) || !(address instanceof Inet4Address))
                .findFirst();
        if (first.isEmpty()) {
            List<String> ports = Options.values(this.ports);
            String port = ports.isEmpty() ? "(one-time)" : ports.getFirst().split(":", 2)[0];
            line().getErr().println("Failed to resolve hostname '" + name + "' on port " + port);
            line().getErr().println("getaddrinfo: " + reason);
        }
        return first;
    }
}

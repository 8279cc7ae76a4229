package tirl.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tirl.client.Knock;
import tirl.client.Knocker;
import tirl.linux.icmp.EchoSocket;
import tirl.packet.Transport;

@Command(
        name = "knock",
        mixinStandardHelpOptions = true,
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
    @Option(
            names = {"-u", "--udp"},
            description = "every port UDP")
    private boolean udp;

    @Option(
            names = {"-d", "--delay"},
            paramLabel = "MS",
            description = "wait so many milliseconds after each knock")
    private int delay;

    @ArgGroup
    private Family family = new Family();

    /** At most one of the two. */
    static final class Family {
        @Option(
                names = {"-4", "--ipv4"},
                description = "use IPv4")
        private boolean ipv4;

        @Option(
                names = {"-6", "--ipv6"},
                description = "use IPv6")
        private boolean ipv6;
    }

    @Option(
            names = {"-v", "--verbose"},
            description = "say each knock")
    private boolean verbose;

    @Parameters(index = "0", paramLabel = "HOST", description = "name or address")
    private String host = "";

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "PORT[:PROTO]",
            description = "PROTO is tcp (default), udp or icmp; with icmp, PORT is the payload size")
    private List<String> ports = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (delay < 0) {
            throw new ParameterException(spec.commandLine(), "-d takes milliseconds from 0 on, not " + delay);
        }
        List<Knock> knocks = knocks();
        InetAddress target = resolve();
        Knocker knocker = new Knocker(EchoSocket::send);
        PrintWriter out = spec.commandLine().getOut();
        for (Knock knock : knocks) {
            if (verbose) {
                out.println("knocking " + target.getHostAddress() + " " + knock);
                out.flush();
            }
            knocker.send(target, knock);
            TimeUnit.MILLISECONDS.sleep(delay);
        }
        return 0;
    }

    private List<Knock> knocks() {
        List<Knock> knocks = new ArrayList<>();
        for (String port : ports) {
            try {
                Knock knock = Knock.parse(port);
                knocks.add(udp ? new Knock(Transport.UDP, knock.number()) : knock);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
            }
        }
        return knocks;
    }

    private InetAddress resolve() throws IOException {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(host);
        } catch (UnknownHostException e) {
            throw new IOException("no host \"" + host + "\": the name does not resolve", e);
        }
        return Arrays.stream(addresses)
                .filter(address -> !family.ipv4 || address instanceof Inet4Address)
                .filter(address -> !family.ipv6 || !(address instanceof Inet4Address))
                .findFirst()
                .orElseThrow(() -> new IOException(host + " has no IPv" + (family.ipv4 ? "4" : "6") + " address"));
    }
}

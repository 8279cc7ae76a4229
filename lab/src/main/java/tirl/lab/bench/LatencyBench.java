package tirl.lab.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import tirl.lab.Await;
import tirl.lab.Background;
import tirl.lab.Client;
import tirl.lab.EchoService;
import tirl.lab.IptablesHost;
import tirl.lab.Namespace;
import tirl.lab.Network;
import tirl.lab.TirlProcess;

/**
 * From the last knock to the first connection that comes about, for tirl and for knockd, in turn in the same run. The
 * probe tries a new connection every 0.1 ms; all packets stay in two namespaces.
 */
public final class LatencyBench {
    private static final int[] KNOCKS = {7000, 9000, 8000};
    private static final int SERVICE = 22;
    private static final long RETRY_NS = 100_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long PACE_NS = 5_000_000;

    private static final String KNOCKD_CONF = """
            [ssh]
            sequence = 7000,9000,8000
            tcpflags = syn
            command = iptables -w -I INPUT -s %IP% -p tcp --dport 22 -j ACCEPT
            """;

    private LatencyBench() {}

    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 60;
        double[] tirl = byLease(rounds, "");
        double[] ipset = byIptables(rounds, true);
        double[] rules = byIptables(rounds, false);
        Path conf = Files.createTempFile("tlbench", ".conf");
        Path state = Files.createTempDirectory("tlbench");
        double[] knockd;
        double[] dropIn;
        try {
            Files.writeString(conf, KNOCKD_CONF);
            knockd = byCommand(rounds, "knockd", "-i", "srv0", "-c", conf.toString(), "-v");
            dropIn = byCommand(
                    rounds,
                    TirlProcess.launcher(),
                    "knockd",
                    "-i",
                    "srv0",
                    "-c",
                    conf.toString(),
                    "-v",
                    "--state",
                    state.toString());
        } finally {
            Files.delete(conf);
            try (Stream<Path> journal = Files.list(state)) {
                for (Path file : journal.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(state);
        }
        say("last knock to first connection, ms, %d rounds each%n", rounds);
        say("%-28s %8s %8s %8s %8s%n", "", "median", "p95", "p99", "max");
        row("knockd 0.8, iptables", knockd);
        row("tirl knockd, iptables", dropIn);
        row("tirl, nftables", tirl);
        row("tirl, iptables with ipset", ipset);
        row("tirl, iptables, rules", rules);
        say(
                "median: knockd / tirl = %.0f, knockd / tirl knockd = %.1f%n",
                at(knockd, 50) / at(tirl, 50), at(knockd, 50) / at(dropIn, 50));
    }

    private static double[] byIptables(int rounds, boolean ipset) {
        try (IptablesHost host = IptablesHost.with("nft", ipset)) {
            return byLease(rounds, "firewall = \"iptables\"\n", host.path());
        }
    }

    private static double[] byLease(int rounds, String daemon, String... environment) {
        String config = daemon + """
                [[service]]
                name = "ssh"
                ports = ["tcp/22"]
                [[door]]
                name = "ops"
                sequence = ["tcp/7000", "tcp/9000", "tcp/8000"]
                opens = ["ssh"]
                for = "60s"
                """;
        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), SERVICE);
                TirlProcess _ = TirlProcess.start(network.server(), List.of("srv0"), config, environment)) {
            return measure(network, rounds);
        }
    }

    /** A daemon that opens a shut firewall by a command. */
    private static double[] byCommand(int rounds, String... daemon) {
        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), SERVICE)) {
            Namespace server = network.server();
            server.run("iptables", "-A", "INPUT", "-m", "state", "--state", "ESTABLISHED", "-j", "ACCEPT")
                    .orThrow();
            server.run("iptables", "-A", "INPUT", "-p", "tcp", "--dport", "22", "-j", "DROP")
                    .orThrow();
            try (Background process = server.start(daemon)) {
                Await.until(
                        "a daemon that listens",
                        Namespace.SOON,
                        () -> process.out().contains("listening"));
                return measure(network, rounds);
            }
        }
    }

    private static double[] measure(Network network, int rounds) {
        double[] millis = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            Client client = network.client();
            String server = network.wire().serverIpv4();
            millis[i] = network.clients().inside(() -> knockAndConnect(client.ipv4(), server)) / 1e6;
        }
        Arrays.sort(millis);
        return millis;
    }

    private static long knockAndConnect(String from, String server) throws IOException {
        long last = 0;
        for (int port : KNOCKS) {
            LockSupport.parkNanos(PACE_NS);
            last = System.nanoTime();
            try (SocketChannel channel = begin(from, server, port)) {
                if (channel.isConnected()) {
                    throw new IOException("port " + port + " answers");
                }
            }
        }
        while (System.nanoTime() - last < PATIENCE_NS) {
            long began = System.nanoTime();
            try (SocketChannel channel = begin(from, server, SERVICE)) {
                while (System.nanoTime() - began < RETRY_NS) {
                    if (channel.finishConnect()) {
                        return System.nanoTime() - last;
                    }
                }
            }
        }
        throw new IOException("the door did not open within " + PATIENCE_NS / 1_000_000 + " ms");
    }

    private static SocketChannel begin(String from, String to, int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        boolean _ = channel.connect(new InetSocketAddress(InetAddress.ofLiteral(to), port));
        return channel;
    }

    private static double at(double[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    private static void row(String what, double[] sorted) {
        say(
                "%-28s %8.2f %8.2f %8.2f %8.2f%n",
                what, at(sorted, 50), at(sorted, 95), at(sorted, 99), sorted[sorted.length - 1]);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}

package tirl.lab.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tirl.lab.Await;
import tirl.lab.LabException;
import tirl.lab.Namespace;
import tirl.lab.NotifyReceiver;
import tirl.lab.ProcessorTime;

/**
 * What it costs to start, for one launcher of tirl beside others, in turn in the same run: {@code StartBench ROUNDS
 * LAUNCHER...}. Everything runs in one network namespace.
 */
public final class StartBench {
    private static final int PATIENCE_MILLIS = 30_000;
    /** From the end of its practice on: after the daemon and the JVM have given back what only the start needed. */
    private static final long IDLE_SECONDS = 13;

    private static final Duration MOST_PRACTICE = Duration.ofSeconds(90);
    /** Of a second; who practises needs ten times as much. */
    private static final long RESTING_NS = 5_000_000;

    private static final int IDLE_ROUNDS = 3;
    private static final int PORT = 7000;

    static final String VERSION = "tirl --version, to its end, ms";
    static final String KNOCK = "tirl knock, to its packet, ms";
    static final String OPEN = "tirl open, to its packet, ms";
    static final String OPEN_SPA = "tirl open by SPA, to its packet, ms";
    static final String READY = "tirl serve, to ready, ms";
    static final String PROCESSOR = "  processor time until then, ms";
    static final String RESIDENT = "  resident memory when idle, MB";

    private final Path directory;
    private final Map<String, List<List<Double>>> results = new LinkedHashMap<>();

    private StartBench(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] args) {
        int rounds = Integer.parseInt(args[0]);
        List<String> launchers = List.of(args).subList(1, args.length);
        print(measure(rounds, launchers), rounds, launchers);
    }

    /** For each thing that is measured the values of each launcher. */
    static Map<String, List<List<Double>>> measure(int rounds, List<String> launchers) {
        try (Folder folder = Folder.create();
                Namespace namespace = Namespace.create()) {
            StartBench bench = new StartBench(folder.path());
            return namespace.inside(() -> {
                bench.write();
                bench.run(rounds, launchers);
                return bench.results;
            });
        }
    }

    private void write() throws IOException {
        Files.writeString(directory.resolve("tirl.toml"), """
                [daemon]
                interfaces = ["lo"]
                control = "%1$s/control.sock"
                state = "%1$s/state"
                [[service]]
                name = "ssh"
                ports = ["tcp/22"]
                [[door]]
                name = "ops"
                sequence = ["tcp/9000", "udp/9100", "tcp/8000"]
                opens = ["ssh"]
                for = "30s"
                """.formatted(directory));
        Path profile = directory.resolve("gate.toml");
        Files.writeString(profile, "host = \"127.0.0.1\"\nknock = [\"udp/" + PORT + "\"]\n");
        Path device = directory.resolve("device.toml");
        Files.writeString(device, "host = \"127.0.0.1\"\n" + keysOfNobody());
        for (Path file : List.of(profile, device, directory.resolve("tirl.toml"))) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
    }

    /** A packet costs the same whoever can open it. */
    private static String keysOfNobody() {
        byte[] server = new byte[32];
        server[0] = 9;
        byte[] none = new byte[32];
        Base64.Encoder text = Base64.getEncoder();
        return """
                [spa]
                ports = "%d"
                server = "%s"
                device = "%s"
                enrolment = "%s"
                kem = "%s"
                """.formatted(
                        PORT,
                        text.encodeToString(server),
                        text.encodeToString(none),
                        text.encodeToString(none),
                        text.encodeToString(new byte[1184]));
    }

    private void run(int rounds, List<String> launchers) throws IOException {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < launchers.size(); i++) {
                String launcher = launchers.get(i);
                add(VERSION, i, millisToEnd(launcher));
                add(KNOCK, i, millisToPacket(launcher, "knock", "127.0.0.1", PORT + ":udp"));
                add(OPEN, i, millisToPacket(launcher, "open", "gate", "--profiles", directory.toString()));
                add(OPEN_SPA, i, millisToPacket(launcher, "open", "device", "--profiles", directory.toString()));
                serve(launcher, i, round < IDLE_ROUNDS);
            }
        }
    }

    private void add(String what, int launcher, double value) {
        List<List<Double>> columns = results.computeIfAbsent(what, _ -> new ArrayList<>());
        if (columns.size() == launcher) {
            columns.add(new ArrayList<>());
        }
        columns.get(launcher).add(value);
    }

    private double millisToEnd(String launcher) throws IOException {
        long began = System.nanoTime();
        end(start(launcher, Map.of(), "--version"));
        return millisSince(began);
    }

    private double millisToPacket(String launcher, String... words) throws IOException {
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT))) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            long began = System.nanoTime();
            Process process = start(launcher, Map.of(), words);
            socket.receive(new DatagramPacket(new byte[64], 64));
            double millis = millisSince(began);
            end(process);
            return millis;
        }
    }

    private void serve(String launcher, int column, boolean idle) throws IOException {
        try (NotifyReceiver systemd = NotifyReceiver.create()) {
            long began = System.nanoTime();
            Process daemon = start(
                    launcher,
                    Map.of("NOTIFY_SOCKET", systemd.path().toString()),
                    "serve",
                    "-c",
                    directory.resolve("tirl.toml").toString());
            try {
                while (systemd.count("READY=1") == 0) {
                    if (!daemon.isAlive() || millisSince(began) > PATIENCE_MILLIS) {
                        throw new LabException(launcher + " serve did not get ready");
                    }
                    LockSupport.parkNanos(100_000);
                }
                add(READY, column, millisSince(began));
                add(PROCESSOR, column, processorMillis(daemon));
                if (idle) {
                    awaitRest(daemon);
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(IDLE_SECONDS));
                    add(RESIDENT, column, residentMegabytes(daemon));
                }
            } finally {
                daemon.destroy();
                await(daemon);
            }
        }
    }

    private static void awaitRest(Process daemon) {
        long[] last = {ProcessorTime.ofProcess(daemon.pid())};
        Await.until("the daemon has practised", MOST_PRACTICE, () -> {
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            long now = ProcessorTime.ofProcess(daemon.pid());
            boolean rests = now - last[0] < RESTING_NS;
            last[0] = now;
            return rests;
        });
    }

    private static Process start(String launcher, Map<String, String> environment, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(launcher));
        all.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(all)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static void end(Process process) {
        if (await(process) != 0) {
            throw new LabException(process.info() + " failed");
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        }
    }

    private static double millisSince(long began) {
        return (System.nanoTime() - began) / 1e6;
    }

    private static double processorMillis(Process process) {
        return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e6;
    }

    private static double residentMegabytes(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1024.0;
    }

    private static void print(Map<String, List<List<Double>>> results, int rounds, List<String> launchers) {
        System.out.printf(Locale.ROOT, "%d rounds; median (least), and by how much less than the first%n", rounds);
        for (int i = 0; i < launchers.size(); i++) {
            System.out.printf(Locale.ROOT, "  %d: %s%n", i + 1, launchers.get(i));
        }
        results.forEach((what, columns) -> {
            System.out.printf("%-32s", what);
            double first = median(columns.getFirst());
            for (List<Double> column : columns) {
                double median = median(column);
                double least = column.stream().mapToDouble(value -> value).min().orElseThrow();
                System.out.printf(Locale.ROOT, " %7.0f (%5.0f) %4.1fx", median, least, first / median);
            }
            System.out.println();
        });
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(value -> value).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

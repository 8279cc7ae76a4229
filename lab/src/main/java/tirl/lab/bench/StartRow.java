package tirl.lab.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tirl.lab.LabException;
import tirl.lab.Namespace;
import tirl.lab.TirlProcess;

/** What it costs to start, and what memory a daemon has that waits: where a JVM loses. */
final class StartRow implements Row {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int IDLE_MILLIS = 3_000;
    private static final double READY_MILLIS = 400;
    private static final double CLIENT_MILLIS = 100;
    private static final double MEGABYTES = 60;

    @Override
    public String name() {
        return "start";
    }

    @Override
    public void measure(Report report, Scale scale) {
        int rounds = scale.pick(12, 3);
        List<String> launchers = new ArrayList<>(List.of(TirlProcess.launcher()));
        Path dist = Path.of(TirlProcess.launcher()).resolveSibling("dist");
        if (Files.isDirectory(dist)) {
            try (DirectoryStream<Path> images = Files.newDirectoryStream(dist, "tirl-*")) {
                images.forEach(image -> {
                    if (Files.isExecutable(image.resolve("bin/tirl"))) {
                        launchers.add(image.resolve("bin/tirl").toString());
                    }
                });
            } catch (IOException e) {
                throw new LabException("could not look for the image", e);
            }
        }
        Map<String, List<List<Double>>> ours = StartBench.measure(rounds, launchers);
        Figures knockd = ready(rounds, stage -> Peers.knockd(stage, 25), report);
        FwknopKeys keys = new FwknopKeys(1, 600);
        Figures fwknopd = ready(rounds, stage -> Peers.fwknopd(stage, false, keys), report);
        Figures knock = packet(rounds, 7000, "knock", "-u", "127.0.0.1", "7000");
        Figures fwknop = packet(
                rounds,
                FwknopKeys.PORT,
                "fwknop --no-rc-file --no-save-args -A tcp/22 -a 10.0.0.1 -D 127.0.0.1 --key-rijndael secret"
                        .split(" ", -1));
        report.note("start, knock to its packet: %s", knock.text("ms"));
        report.note("start, fwknop to its packet: %s", fwknop.text("ms"));
        for (int i = 0; i < launchers.size(); i++) {
            int column = i;
            Function<String, Figures> of =
                    what -> Figures.of(ours.getOrDefault(what, List.of()).get(column));
            ours.keySet()
                    .forEach(what -> report.note(
                            "start, %s %s: %s",
                            column == 0 ? "checkout," : "image,",
                            what.strip(),
                            of.apply(what).text("")));
            table(report, i == 0, of, knockd, fwknopd, knock, fwknop);
        }
        if (launchers.size() == 1) {
            report.note("start: there is no image in dist/, only the checkout was measured (`make dist` makes it)");
        }
    }

    private static void table(
            Report report,
            boolean checkout,
            Function<String, Figures> ours,
            Figures knockd,
            Figures fwknopd,
            Figures knock,
            Figures fwknop) {
        String where = checkout ? "checkout" : "image";
        String daemons = Peers.KNOCKD + ": " + Figures.number(knockd.median()) + " ms; " + Peers.FWKNOPD_PCAP + ": "
                + Figures.number(fwknopd.median()) + " ms";
        String clients =
                "knock: " + Figures.number(knock.median()) + " ms; fwknop: " + Figures.number(fwknop.median()) + " ms";
        mark(report, checkout, "start to ready, " + where, ours.apply(StartBench.READY), "ms", READY_MILLIS, daemons);
        mark(
                report,
                checkout,
                "tirl knock to its packet, " + where,
                ours.apply(StartBench.KNOCK),
                "ms",
                CLIENT_MILLIS,
                clients);
        mark(
                report,
                checkout,
                "tirl open to its packet, " + where,
                ours.apply(StartBench.OPEN),
                "ms",
                CLIENT_MILLIS,
                clients);
        mark(
                report,
                checkout,
                "tirl open by SPA to its packet, " + where,
                ours.apply(StartBench.OPEN_SPA),
                "ms",
                CLIENT_MILLIS,
                clients);
        mark(report, checkout, "idle memory, " + where, ours.apply(StartBench.RESIDENT), "MB", MEGABYTES, "");
    }

    /** The marks are the image's; the checkout is told only. */
    private static void mark(
            Report report, boolean checkout, String what, Figures ours, String unit, double limit, String beside) {
        if (checkout) {
            report.plain(what, Figures.number(ours.median()) + " " + unit, beside);
        } else {
            report.atMost(what, ours.median(), unit, limit, beside);
        }
    }

    /** From the start of the process to its own word that it listens; its idle memory goes into the notes. */
    private static Figures ready(int rounds, Function<Stage, Gate> start, Report report) {
        List<Double> millis = new ArrayList<>();
        String name = "";
        for (int i = 0; i < rounds; i++) {
            try (Stage stage = Stage.set().shut()) {
                long began = System.nanoTime();
                try (Gate gate = start.apply(stage)) {
                    millis.add((System.nanoTime() - began) / 1e6);
                    name = gate.name();
                    if (i == rounds - 1) {
                        Pace.millis(IDLE_MILLIS);
                        report.note(
                                "start, %s idle memory: %.1f MB",
                                gate.name(), gate.usage().megabytes());
                    }
                }
            }
        }
        Figures figures = Figures.of(millis);
        report.note("start, %s to ready: %s", name, figures.text("ms"));
        return figures;
    }

    private static Figures packet(int rounds, int port, String... words) {
        try (Namespace namespace = Namespace.create()) {
            return namespace.inside(() -> {
                List<Double> millis = new ArrayList<>();
                for (int i = 0; i < rounds; i++) {
                    millis.add(millisToPacket(port, words));
                }
                return Figures.of(millis);
            });
        }
    }

    private static double millisToPacket(int port, String... words) throws IOException {
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port))) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            long began = System.nanoTime();
            Process process = new ProcessBuilder(words)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            socket.receive(new DatagramPacket(new byte[2048], 2048));
            double millis = (System.nanoTime() - began) / 1e6;
            process.onExit().join();
            return millis;
        }
    }
}

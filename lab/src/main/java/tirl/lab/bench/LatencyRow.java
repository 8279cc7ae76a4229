package tirl.lab.bench;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import tirl.lab.Await;
import tirl.lab.Client;
import tirl.lab.KernelFloor;
import tirl.lab.LabException;
import tirl.lab.Namespace;

/** From the last packet of a knock to the first connection that comes about. */
final class LatencyRow implements Row {
    private static final long PACE_NS = 5_000_000;
    private static final int WARM = 20;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofMinutes(10);

    static final Knock SEQUENCE = Knock.sequence(PACE_NS, 7000, 8000, 9000);

    @Override
    public String name() {
        return "latency";
    }

    /** Starts a daemon on a stage. */
    private interface Start {
        Gate on(Stage stage);
    }

    @Override
    public void measure(Report report, Scale scale) {
        int rounds = scale.rounds();
        int fewer = Math.max(10, rounds * 2 / 3);
        Figures floor = floor(report, rounds);
        FwknopKeys keys = new FwknopKeys(1, 600);
        Figures doors = run(report, rounds, SEQUENCE, stage -> Ours.doors(stage, WITHIN, LEASE));
        Figures spa = spa(report, rounds);
        Figures fwknop = run(report, rounds, keys.knock(), stage -> Ours.fwknop(stage, keys));
        Figures dropIn = run(report, fewer, SEQUENCE, Ours::knockd);
        Figures ipset = run(report, fewer, SEQUENCE, stage -> Ours.iptables(stage, true));
        Figures rules = run(report, fewer, SEQUENCE, stage -> Ours.iptables(stage, false));
        Figures knockd = run(report, fewer, SEQUENCE, stage -> Peers.knockd(stage, 25));
        Figures pcap = run(report, fewer, keys.knock(), stage -> Peers.fwknopd(stage, false, keys));
        Figures udp = run(report, fewer, keys.knock(), stage -> Peers.fwknopd(stage, true, keys));

        beside(report, Ours.DOORS, doors, Peers.KNOCKD, knockd, 40);
        beside(report, Ours.KNOCKD + ", command by a shell", dropIn, Peers.KNOCKD, knockd, 0);
        beside(report, Ours.DOORS + ", iptables with ipset", ipset, Peers.KNOCKD, knockd, 0);
        beside(report, Ours.DOORS + ", iptables with rules", rules, Peers.KNOCKD, knockd, 0);
        beside(report, Ours.SPA, spa, Peers.FWKNOPD_PCAP, pcap, 100);
        beside(report, Ours.SPA, spa, Peers.FWKNOPD_UDP, udp, 10);
        beside(report, Ours.FWKNOP, fwknop, Peers.FWKNOPD_PCAP, pcap, 100);
        beside(report, Ours.FWKNOP, fwknop, Peers.FWKNOPD_UDP, udp, 10);
        within(report, Ours.DOORS, doors, floor);
        within(report, Ours.SPA, spa, floor);
        within(report, Ours.FWKNOP, fwknop, floor);
    }

    private static void beside(Report report, String ours, Figures our, String peer, Figures their, double wanted) {
        String what = "knock to connection, " + ours;
        report.less(new Report.Duel(what + ", median", "ms", our.median(), peer, their.median()), wanted);
        report.less(new Report.Duel(what + ", p95", "ms", our.at(95), peer, their.at(95)), 0);
    }

    private static void within(Report report, String ours, Figures our, Figures floor) {
        report.atMost(
                "knock to connection, " + ours + ", p99", our.at(99), "ms", 5 * our.median(), "5 times the median");
        report.atMost(
                "knock to connection, " + ours + ", median beside the kernel alone",
                our.median() / floor.median(),
                "x",
                3,
                "kernel alone: " + Figures.number(floor.median()) + " ms");
    }

    private static Figures run(Report report, int rounds, Knock knock, Start start) {
        try (Stage stage = Stage.set();
                Gate gate = start.on(stage)) {
            return measured(report, stage, gate, knock, rounds);
        }
    }

    private static Figures spa(Report report, int rounds) {
        try (Stage stage = Stage.set();
                Ours.Spa spa = Ours.spa(stage, rounds + WARM + 1)) {
            return measured(report, stage, spa.gate(), spa.devices().knock(), rounds);
        }
    }

    private static Figures measured(Report report, Stage stage, Gate gate, Knock knock, int rounds) {
        Usage _ = Flood.quiet(gate);
        Attempts first = stage.attempts(knock, 1);
        Attempts _ = stage.attempts(knock, Math.min(WARM, rounds));
        Attempts attempts = stage.attempts(knock, rounds);
        report.note(
                "latency, %s: %s, %s; the first of all %s ms",
                gate.name(),
                attempts,
                attempts.millis().text("ms"),
                Figures.number(first.millis().median()));
        return attempts.millis();
    }

    /** The same probe against a thread that does nothing but what the kernel needs. */
    private static Figures floor(Report report, int rounds) {
        try (Stage stage = Stage.set();
                KernelFloor floor = KernelFloor.guard(stage.network(), Probe.SERVICE, SpaDevices.PORT)) {
            Knock plain = Knock.datagram(SpaDevices.PORT, _ -> new byte[144]);
            Attempts attempts = new Attempts();
            Attempts wakes = new Attempts();
            Attempts netlink = new Attempts();
            Client open = stage.network().client();
            if (stage.attempt(plain, open, PATIENCE_NS).isEmpty()) {
                throw new LabException("the kernel alone opens nothing");
            }
            stage.practise(open);
            Attempts _ = stage.attempts(plain, WARM);
            for (int i = 0; i < rounds; i++) {
                Pace.millis(20);
                long[] last = new long[1];
                Knock timed = (from, server) -> {
                    last[0] = plain.send(from, server);
                    return last[0];
                };
                attempts.add(stage.attempt(timed, PATIENCE_NS));
                // The connection may come about before the thread is told that the element is there.
                Await.until("the element's time", Namespace.SOON, () -> floor.addedNs() - last[0] > 0);
                wakes.add(OptionalLong.of(floor.wokenNs() - last[0]));
                netlink.add(OptionalLong.of(floor.addedNs() - floor.wokenNs()));
            }
            report.note(
                    "latency, the kernel alone: %s, %s",
                    attempts, attempts.millis().text("ms"));
            report.note(
                    "  of it until the thread has the packet: %s",
                    wakes.millis().text("ms"));
            report.note("  of it one element by netlink: %s", netlink.millis().text("ms"));
            return attempts.millis();
        }
    }
}

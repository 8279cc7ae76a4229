package tirl.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import tirl.lab.RawFrames;

/** Garbage of a packet's length on the port for packets, while honest ones come too. */
final class GarbageRow implements Row {
    /** Whom a daemon that has a socket there would hear: an address of the subnet that no client has. */
    private static final String SOURCE = "10.77.77.5";

    private static final int POOL = 4_000;
    private static final int[] RATES = {1_400, 2_600, 10_000, 50_000, 0};
    private static final int[] FEW_RATES = {1_400, 10_000, 0};
    /** All daemons have to look at each packet, where they get it. */
    private static final int CALM = 10_000;
    /** What a sender here is taken to manage in a second, to know when to stop. */
    private static final int FASTEST = 150_000;

    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final double RING_MICROS = 0.3;

    @Override
    public String name() {
        return "garbage";
    }

    @Override
    public void measure(Report report, Scale scale) {
        FwknopKeys keys = new FwknopKeys(1, 600);
        Outcome spa;
        try (Stage stage = Stage.set();
                Ours.Spa open = Ours.spa(stage, 400)) {
            Random random = new Random(Stage.SEED);
            Supplier<byte[]> noise = () -> {
                byte[] octets = new byte[144];
                random.nextBytes(octets);
                return octets;
            };
            spa = floods(
                    report, scale, stage, open.gate(), noise, open.devices().knock());
        }
        Outcome fwknop;
        try (Stage stage = Stage.set();
                Gate gate = Ours.fwknop(stage, keys)) {
            fwknop = floods(report, scale, stage, gate, keys::garbage, keys.knock());
        }
        Outcome pcap;
        try (Stage stage = Stage.set();
                Gate gate = Peers.fwknopd(stage, false, keys)) {
            pcap = floods(report, scale, stage, gate, keys::garbage, keys.knock());
        }
        Outcome udp;
        try (Stage stage = Stage.set();
                Gate gate = Peers.fwknopd(stage, true, keys)) {
            udp = floods(report, scale, stage, gate, keys::garbage, keys.knock());
        }
        table(report, scale, Ours.SPA, spa, pcap, udp);
        table(report, scale, Ours.FWKNOP, fwknop, pcap, udp);
        report.atMost("garbage at full speed, tirl SPA, CPU", spa.full().micros(), "us", RING_MICROS, "");
        report.fact(Fact.SPA_NOISE, spa.full().micros());
        report.fact(Fact.FWKNOP_NOISE, fwknop.full().micros());
        double memory = spa.full().after();
        report.plain("memory after the floods, tirl SPA", Figures.number(memory) + " MB", "");
    }

    /**
     * What came of all floods on one daemon.
     *
     * @param mixed with honest clients, by rate
     * @param calm garbage alone, 10,000 a second
     * @param full garbage alone, as fast as it goes
     */
    private record Outcome(List<Watched> mixed, Flood calm, Flood full) {}

    /** A flood, and what the ring of a daemon of ours did not take of it. */
    private record Watched(Flood flood, long dropped) {
        double droppedPercent() {
            return 100.0 * dropped / flood.sent().frames();
        }
    }

    private static void table(Report report, Scale scale, String name, Outcome ours, Outcome pcap, Outcome udp) {
        int[] rates = rates(scale);
        String overflow = "not reached";
        for (int i = 0; i < rates.length; i++) {
            Watched our = ours.mixed().get(i);
            String rate =
                    String.format(Locale.ROOT, "%,.0f/s", our.flood().sent().rate());
            String what = "garbage, " + (rates[i] == 0 ? "full speed, " : "") + rate + ", " + name;
            Attempts honest = our.flood().honest();
            String beside =
                    Peers.FWKNOPD_PCAP + ": " + pcap.mixed().get(i).flood().honest() + "; " + Peers.FWKNOPD_UDP + ": "
                            + udp.mixed().get(i).flood().honest();
            if (our.dropped() == 0) {
                ForgedRow.all(report, what, our.flood(), beside);
            } else {
                // What a ring that overflows loses is honest packets too: only until then all have to come through.
                overflow = overflow.equals("not reached") ? rate : overflow;
                String lost = String.format(Locale.ROOT, "; our ring dropped %.2f %%", our.droppedPercent());
                report.plain(what + ", honest", honest.toString(), beside + lost);
            }
        }
        report.plain("garbage at which the ring overflows, " + name, overflow, "");
        report.less(
                new Report.Duel(
                        "garbage, 10,000/s, " + name + ", CPU for each",
                        "us",
                        ours.calm().micros(),
                        Peers.FWKNOPD_UDP,
                        udp.calm().micros()),
                0);
    }

    private static int[] rates(Scale scale) {
        return scale.whole() ? RATES : FEW_RATES;
    }

    private static Outcome floods(
            Report report, Scale scale, Stage stage, Gate gate, Supplier<byte[]> payload, Knock honest) {
        Usage _ = Flood.quiet(gate);
        RawFrames raw = RawFrames.towards(stage.network());
        List<byte[]> frames = new ArrayList<>(POOL);
        for (int i = 0; i < POOL; i++) {
            frames.add(raw.datagram(RawFrames.number(SOURCE), FwknopKeys.PORT, payload.get()));
        }
        List<Watched> floods = new ArrayList<>();
        int seconds = scale.pick(5, 3);
        for (int rate : rates(scale)) {
            Flood.Hostile hostile = new Flood.Hostile(frames, total(seconds, rate), rate, 1);
            floods.add(watched(
                    report, gate, "with honest clients", () -> Flood.on(stage, gate, hostile, honest, PATIENCE_NS)));
        }
        return new Outcome(
                floods,
                watched(
                                report,
                                gate,
                                "alone",
                                () -> Flood.alone(
                                        stage, gate, new Flood.Hostile(frames, total(seconds, CALM), CALM, 1)))
                        .flood(),
                watched(
                                report,
                                gate,
                                "alone",
                                () -> Flood.alone(stage, gate, new Flood.Hostile(frames, total(seconds, 0), 0, 1)))
                        .flood());
    }

    private static long total(int seconds, int rate) {
        return (long) seconds * (rate == 0 ? FASTEST : rate);
    }

    private static Watched watched(Report report, Gate gate, String how, Supplier<Flood> flooding) {
        boolean ours = gate.status().isPresent();
        long before = ours ? gate.counter("interfaces", "dropped") : 0;
        Flood flood = flooding.get();
        report.note("garbage %s, %s: %s", how, gate.name(), flood.text());
        Watched watched = new Watched(flood, ours ? gate.counter("interfaces", "dropped") - before : 0);
        if (ours) {
            report.note("  its ring dropped %,d (%.2f %%)", watched.dropped(), watched.droppedPercent());
        }
        return watched;
    }
}

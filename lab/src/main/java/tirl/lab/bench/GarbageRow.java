package tirl.lab.bench;

import java.util.ArrayList;
import java.util.List;
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
        List<Flood> spa;
        try (Stage stage = Stage.set();
                Ours.Spa open = Ours.spa(stage, 400)) {
            Random random = new Random(Stage.SEED);
            Supplier<byte[]> noise = () -> {
                byte[] octets = new byte[144];
                random.nextBytes(octets);
                return octets;
            };
            spa = floods(report, scale, stage, open.gate(), noise, open.devices().knock());
        }
        List<Flood> fwknop;
        try (Stage stage = Stage.set();
                Gate gate = Ours.fwknop(stage, keys)) {
            fwknop = floods(report, scale, stage, gate, keys::garbage, keys.knock());
        }
        List<Flood> pcap;
        try (Stage stage = Stage.set();
                Gate gate = Peers.fwknopd(stage, false, keys)) {
            pcap = floods(report, scale, stage, gate, keys::garbage, keys.knock());
        }
        List<Flood> udp;
        try (Stage stage = Stage.set();
                Gate gate = Peers.fwknopd(stage, true, keys)) {
            udp = floods(report, scale, stage, gate, keys::garbage, keys.knock());
        }
        table(report, scale, Ours.SPA, spa, pcap, udp);
        table(report, scale, Ours.FWKNOP, fwknop, pcap, udp);
        report.atMost("garbage at full speed, tirl SPA, CPU", spa.getLast().micros(), "us", RING_MICROS, "");
        double memory = spa.getLast().after();
        report.plain("memory after the floods, tirl SPA", Figures.number(memory) + " MB", "");
    }

    private static void table(
            Report report, Scale scale, String name, List<Flood> ours, List<Flood> pcap, List<Flood> udp) {
        int[] rates = rates(scale);
        for (int i = 0; i < rates.length; i++) {
            String what = "garbage, "
                    + (rates[i] == 0
                            ? String.format(java.util.Locale.ROOT, "full speed (%,.0f/s)", ours.get(i).sent().rate())
                            : String.format(java.util.Locale.ROOT, "%,d/s", rates[i]))
                    + ", " + name;
            String beside = Peers.FWKNOPD_PCAP + ": " + pcap.get(i).honest() + "; " + Peers.FWKNOPD_UDP + ": "
                    + udp.get(i).honest();
            ForgedRow.all(report, what, ours.get(i), beside);
        }
        // At 10,000/s all of them have to look at each packet, where they get it.
        int middle = scale.pick(2, 1);
        report.less(
                new Report.Duel(
                        "garbage, 10,000/s, " + name + ", CPU for each",
                        "us",
                        ours.get(middle).micros(),
                        Peers.FWKNOPD_UDP,
                        udp.get(middle).micros()),
                0);
    }

    private static int[] rates(Scale scale) {
        return scale.whole() ? RATES : FEW_RATES;
    }

    private static List<Flood> floods(
            Report report, Scale scale, Stage stage, Gate gate, Supplier<byte[]> payload, Knock honest) {
        RawFrames raw = RawFrames.towards(stage.network());
        List<byte[]> frames = new ArrayList<>(POOL);
        for (int i = 0; i < POOL; i++) {
            frames.add(raw.datagram(RawFrames.number(SOURCE), FwknopKeys.PORT, payload.get()));
        }
        List<Flood> floods = new ArrayList<>();
        int seconds = scale.pick(5, 3);
        for (int rate : rates(scale)) {
            long total = (long) seconds * (rate == 0 ? FASTEST : rate);
            long droppedBefore = gate.status().isPresent() ? gate.counter("interfaces", "dropped") : 0;
            Flood flood =
                    Flood.on(stage, gate, new Flood.Hostile(frames, total, rate, 1), honest, PATIENCE_NS);
            report.note("garbage, %s: %s", gate.name(), flood.text());
            if (gate.status().isPresent()) {
                long dropped = gate.counter("interfaces", "dropped") - droppedBefore;
                report.note(
                        "  its ring dropped %,d of them (%.2f %%)", dropped, 100.0 * dropped / flood.sent().frames());
            }
            floods.add(flood);
        }
        return floods;
    }
}

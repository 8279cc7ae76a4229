package tirl.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import tirl.lab.RawFrames;
import tirl.lab.Volley;
import tirl.spa.Suite;

/** Valid packets that come at once, each of its own source: how many a second are let in while none is lost. */
final class RateRow implements Row {
    private static final int FIRST_SOURCE = RawFrames.number("10.128.0.0");
    private static final String SOURCE = "10.77.77.5";
    private static final long NOTHING_NEW_NS = TimeUnit.SECONDS.toNanos(4);
    private static final int[] RATES = {500, 1_000, 2_000, 3_000, 4_000, 6_000, 8_000, 12_000, 14_000, 16_000};
    /** Each has 16 tokens in ten minutes, one of which its registration took: these are enough for all the rates. */
    private static final int DEVICES = 5_000;

    private static final double WANTED = 100;

    @Override
    public String name() {
        return "rate";
    }

    /**
     * A burst and what came of it.
     *
     * @param perSecond from the first packet to the last opening
     * @param micros processor time for each, with children
     */
    private record Burst(int sent, long opened, double perSecond, double micros) {
        boolean isWhole() {
            return opened == sent;
        }
    }

    /** Makes so many packets for these sources, of which the first is given. */
    private interface Packets {
        List<byte[]> make(int count, int firstSource);
    }

    @Override
    public void measure(Report report, Scale scale) {
        FwknopKeys keys = new FwknopKeys(1, 600);
        Burst spa;
        try (Stage stage = Stage.set();
                Ours.Spa open = Ours.spa(stage, scale.pick(DEVICES, DEVICES / 8))) {
            RawFrames raw = RawFrames.towards(stage.network());
            spa = best(report, scale, stage, open.gate(), "opened", (count, first) -> {
                List<byte[]> packets = open.devices().packets(count, Suite.C);
                List<byte[]> frames = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    frames.add(raw.datagram(first + i, SpaDevices.PORT, packets.get(i)));
                }
                return frames;
            });
        }
        Burst fwknop;
        try (Stage stage = Stage.set();
                Gate gate = Ours.fwknop(stage, keys)) {
            fwknop = best(report, scale, stage, gate, "granted", fwknopPackets(stage, keys));
        }
        Burst pcap = peer(report, false, keys, scale.pick(200, 60));
        Burst udp = peer(report, true, keys, scale.pick(150, 60));
        report.fact(Fact.SPA_VALID, spa.micros());
        report.fact(Fact.FWKNOP_VALID, fwknop.micros());
        beside(report, Ours.SPA + " (suite C)", spa, pcap, udp);
        beside(report, Ours.FWKNOP, fwknop, pcap, udp);
        limit(report, Ours.SPA + " (suite C)", spa, CryptoLimit.inItsOwnJvm("spa"));
        limit(report, Ours.FWKNOP, fwknop, CryptoLimit.inItsOwnJvm("fwknop"));
    }

    private static Packets fwknopPackets(Stage stage, FwknopKeys keys) {
        RawFrames raw = RawFrames.towards(stage.network());
        return (count, first) -> {
            List<byte[]> frames = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                byte[] packet = keys.packet(RawFrames.address(first + i));
                frames.add(raw.datagram(RawFrames.number(SOURCE), FwknopKeys.PORT, packet));
            }
            return frames;
        };
    }

    private static void beside(Report report, String ours, Burst our, Burst pcap, Burst udp) {
        String what = "valid packets, none lost, " + ours;
        report.more(new Report.Duel(what, "/s", our.perSecond(), Peers.FWKNOPD_PCAP, pcap.perSecond()), WANTED);
        report.more(new Report.Duel(what, "/s", our.perSecond(), Peers.FWKNOPD_UDP, udp.perSecond()), WANTED);
    }

    private static void limit(Report report, String ours, Burst our, CryptoLimit.Cost alone) {
        report.plain(
                "valid packets, " + ours + ", for each second of one processor",
                Figures.number(1e6 / our.micros()),
                alone.toString());
    }

    /** The fastest burst of which nothing was lost; bursts get faster until something is. */
    private static Burst best(Report report, Scale scale, Stage stage, Gate gate, String counter, Packets packets) {
        Usage _ = Flood.quiet(gate);
        int source = FIRST_SOURCE;
        Burst best = new Burst(0, 0, 0, Double.NaN);
        for (int rate : RATES) {
            if (!scale.whole() && rate > RATES[2]) {
                break;
            }
            long before = gate.counter(counter);
            Burst burst = burst(stage, gate, packets.make(rate, source), rate, () -> gate.counter(counter) - before);
            source += rate;
            report.note(
                    "rate, %s: %,d in one second: %,d opened, %,.0f/s, %.0f us each",
                    gate.name(), burst.sent(), burst.opened(), burst.perSecond(), burst.micros());
            if (!burst.isWhole()) {
                break;
            }
            best = burst.perSecond() > best.perSecond() ? burst : best;
        }
        return best;
    }

    private static Burst peer(Report report, boolean udp, FwknopKeys keys, int count) {
        try (Stage stage = Stage.set();
                Gate gate = Peers.fwknopd(stage, udp, keys)) {
            long before = Peers.rules(stage);
            Burst burst = burst(
                    stage,
                    gate,
                    fwknopPackets(stage, keys).make(count, FIRST_SOURCE),
                    0,
                    () -> Peers.rules(stage) - before);
            report.note(
                    "rate, %s: %,d at once: %,d opened, %,.0f/s, %.0f us each with its commands",
                    gate.name(), burst.sent(), burst.opened(), burst.perSecond(), burst.micros());
            return burst;
        }
    }

    private static Burst burst(Stage stage, Gate gate, List<byte[]> frames, int rate, LongSupplier opened) {
        Usage before = gate.usage();
        try (Volley volley = Volley.start(stage.network(), frames, frames.size(), rate)) {
            while (volley.alive() && !volley.begun()) {
                Pace.millis(1);
            }
            long began = System.nanoTime();
            long last = began;
            long seen = 0;
            while (seen < frames.size() && System.nanoTime() - last < NOTHING_NEW_NS) {
                Pace.millis(20);
                long now = opened.getAsLong();
                if (now > seen) {
                    seen = now;
                    last = System.nanoTime();
                }
            }
            double seconds = Math.max(1, last - began) / 1e9;
            return new Burst(frames.size(), seen, seen / seconds, gate.usage().microsSince(before) / Math.max(1, seen));
        }
    }
}

package tirl.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import tirl.lab.RawFrames;
import tirl.spa.Suite;

/** What a bad packet costs a daemon that knows many keys. */
final class StanzasRow implements Row {
    /** Addresses of the subnet that no client has: from one alone our own would not look at so many. */
    private static final int FIRST_SOURCE = RawFrames.number("10.77.77.50");

    private static final int SOURCES = 200;
    private static final int FRAMES = 2_000;
    private static final int LEAST = 50;
    /** Checks of a key in one window; fwknopd needs 5 us for each. */
    private static final int CHECKS = 200_000;
    /** So slow that a daemon wakes up for each, as a peer always does. */
    private static final int PER_SECOND = 1_000;
    /** So fast that ours takes them in batches: what remains is what a packet costs. */
    private static final Windows.Load FLOOD = new Windows.Load(40_000, 20_000, 10_000);

    @Override
    public String name() {
        return "stanzas";
    }

    @Override
    public void measure(Report report, Scale scale) {
        stanzas(report, scale);
        devices(report, scale);
    }

    private static void stanzas(Report report, Scale scale) {
        for (int count : scale.whole() ? new int[] {1, 100, 1_000, 10_000} : new int[] {1, 1_000}) {
            FwknopKeys keys = new FwknopKeys(count, 600);
            Supplier<byte[]> bad = () -> keys.foreign("10.1.1.1");
            double ours;
            try (Stage stage = Stage.set();
                    Gate gate = Ours.fwknop(stage, keys)) {
                ours = micros(report, stage, gate, count, bad, load(count));
                long missed = gate.counter("fwknop", "not-looked-at");
                if (missed > 0) {
                    report.note("  %,d of them were not looked at", missed);
                }
            }
            if (count == 1_000) {
                report.fact(Fact.FWKNOP_MANY, ours);
            }
            String what = String.format(
                    Locale.ROOT,
                    "%,d stanzas, bad packet, %,d/s, tirl fwknop mode",
                    count,
                    load(count).perSecond());
            if (count > 1_000) {
                report.plain(what, Figures.number(ours) + " us", "");
                continue;
            }
            try (Stage stage = Stage.set();
                    Gate gate = Peers.fwknopd(stage, true, keys)) {
                double theirs = micros(report, stage, gate, count, bad, load(count));
                report.less(new Report.Duel(what, "us", ours, Peers.FWKNOPD_UDP, theirs), 0);
            }
        }
    }

    private static void devices(Report report, Scale scale) {
        double noiseOfOne = 0;
        double overheardOfOne = 0;
        for (int count : scale.whole() ? new int[] {1, 100, 10_000} : new int[] {1, 1_000}) {
            Random random = new Random(Stage.SEED);
            try (Stage stage = Stage.set();
                    Ours.Spa spa = Ours.spa(stage, count)) {
                Gate gate = spa.gate();
                double noise = micros(report, stage, gate, count, () -> noise(random), FLOOD);
                noiseOfOne = noiseOfOne == 0 ? noise : noiseOfOne;
                beside(report, count, "noise", noise, noiseOfOne);
                List<byte[]> overheard = overheard(spa.devices(), Math.min(FRAMES, count * SpaDevices.PACKETS_EACH));
                Random which = new Random(Stage.SEED);
                double check =
                        micros(report, stage, gate, count, () -> overheard.get(which.nextInt(overheard.size())), FLOOD);
                report.note(
                        "  refused: %,d had no live token, %,d a wrong check",
                        gate.counter("spa", "token"), gate.counter("spa", "check"));
                overheardOfOne = overheardOfOne == 0 ? check : overheardOfOne;
                beside(report, count, "a live token and a wrong check", check, overheardOfOne);
            }
        }
    }

    private static void beside(Report report, int count, String bad, double micros, double ofOne) {
        report.atMost(
                String.format(Locale.ROOT, "%,d devices, %s, 10,000/s, tirl SPA, beside one", count, bad),
                micros / ofOne,
                "x",
                1.5,
                Figures.number(micros) + " us");
    }

    /** A window holds as much work with many stanzas as with few. */
    private static Windows.Load load(int stanzas) {
        int packets = Math.clamp(CHECKS / stanzas, LEAST, FRAMES);
        return new Windows.Load(2 * packets + LEAST, packets, Math.clamp(PER_SECOND * 100 / stanzas, 20, PER_SECOND));
    }

    private static byte[] noise(Random random) {
        byte[] octets = new byte[Suite.C.length()];
        random.nextBytes(octets);
        return octets;
    }

    /** What somebody makes of packets that he saw on their way, before they came. */
    private static List<byte[]> overheard(SpaDevices devices, int count) {
        List<byte[]> packets = devices.packets(count, Suite.C);
        packets.forEach(packet -> packet[packet.length - 1] ^= 1);
        return packets;
    }

    private static double micros(
            Report report, Stage stage, Gate gate, int count, Supplier<byte[]> bad, Windows.Load load) {
        RawFrames raw = RawFrames.towards(stage.network());
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            frames.add(raw.datagram(FIRST_SOURCE + i % SOURCES, FwknopKeys.PORT, bad.get()));
        }
        Windows windows = Windows.of(stage, gate, frames, load);
        report.note(
                "stanzas, %s, %,d keys, a bad packet of %,d at %,d/s, own time: %s",
                gate.name(), count, load.packets(), load.perSecond(), windows.text());
        return windows.micros();
    }
}

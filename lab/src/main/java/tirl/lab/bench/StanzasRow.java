package tirl.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import tirl.lab.RawFrames;
import tirl.lab.Volley;

/** What a bad packet costs a daemon that knows many keys. */
final class StanzasRow implements Row {
    private static final String SOURCE = "10.77.77.5";
    private static final int PER_SECOND = 1_000;
    private static final int WARM = 2_000;
    private static final int LONGEST = 2_000;
    /** Of checks of a key; fwknopd needs 5 us for each. */
    private static final int CHECKS = 400_000;

    private static final int LEAST = 50;

    @Override
    public String name() {
        return "stanzas";
    }

    @Override
    public void measure(Report report, Scale scale) {
        for (int count : scale.whole() ? new int[] {1, 100, 1_000, 10_000} : new int[] {1, 1_000}) {
            FwknopKeys keys = new FwknopKeys(count, 600);
            double ours;
            try (Stage stage = Stage.set();
                    Gate gate = Ours.fwknop(stage, keys)) {
                ours = micros(report, stage, gate, count, keys::foreign, count);
            }
            if (count == 1_000) {
                report.fact(Fact.FWKNOP_MANY, ours);
            }
            String what = String.format(Locale.ROOT, "%,d stanzas, bad packet, tirl fwknop mode", count);
            if (count > 1_000) {
                report.plain(what, Figures.number(ours) + " us", "");
                continue;
            }
            try (Stage stage = Stage.set();
                    Gate gate = Peers.fwknopd(stage, true, keys)) {
                double theirs = micros(report, stage, gate, count, keys::foreign, count);
                report.less(new Report.Duel(what, "us", ours, Peers.FWKNOPD_UDP, theirs), 0);
            }
        }
        double one = 0;
        for (int count : scale.whole() ? new int[] {1, 100, 10_000} : new int[] {1, 1_000}) {
            Random random = new Random(Stage.SEED);
            try (Stage stage = Stage.set();
                    Ours.Spa spa = Ours.spa(stage, count)) {
                double micros = micros(report, stage, spa.gate(), count, _ -> noise(random), 1);
                one = one == 0 ? micros : one;
                report.atMost(
                        String.format(Locale.ROOT, "%,d devices, bad packet, tirl SPA, beside one", count),
                        micros / one,
                        "x",
                        1.5,
                        Figures.number(micros) + " us");
            }
        }
    }

    private interface Bad {
        byte[] packet(String allow);
    }

    private static byte[] noise(Random random) {
        byte[] octets = new byte[144];
        random.nextBytes(octets);
        return octets;
    }

    private static double micros(Report report, Stage stage, Gate gate, int count, Bad bad, int checks) {
        int packets = Math.clamp(CHECKS / checks, LEAST, LONGEST);
        RawFrames raw = RawFrames.towards(stage.network());
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
            frames.add(raw.datagram(RawFrames.number(SOURCE), FwknopKeys.PORT, bad.packet("10.1.1.1")));
        }
        int rate = Math.clamp(PER_SECOND * 100 / checks, 20, PER_SECOND);
        // A JVM's first packets are not what a packet costs; fwknopd does not mind.
        send(stage, gate, frames, Math.min(WARM, packets), rate);
        Usage before = gate.usage();
        Usage after = send(stage, gate, frames, packets, rate);
        double micros = after.ownMicrosSince(before) / packets;
        report.note(
                "stanzas, %s, %,d keys: %.1f us own time for each of %,d bad packets, %.1f MB",
                gate.name(), count, micros, packets, after.megabytes());
        return micros;
    }

    private static Usage send(Stage stage, Gate gate, List<byte[]> frames, int packets, int rate) {
        try (Volley volley = Volley.start(stage.network(), frames, packets, rate)) {
            volley.await(Duration.ofMinutes(2));
        }
        return Flood.quiet(gate);
    }
}

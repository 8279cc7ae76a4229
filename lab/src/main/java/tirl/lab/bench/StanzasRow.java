package tirl.lab.bench;

import java.util.List;
import java.util.Locale;

/** What a bad packet costs a daemon with many stanzas of fwknop. */
final class StanzasRow implements Row {
    private static final int LEAST = 50;
    /** Checks of a key in one window; fwknopd needs 5 us for each. */
    private static final int CHECKS = 200_000;
    /** So slow that a daemon wakes up for each, as a peer always does. */
    private static final int PER_SECOND = 1_000;

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
                ours = micros(report, stage, gate, keys, count);
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
                double theirs = micros(report, stage, gate, keys, count);
                report.less(new Report.Duel(what, "us", ours, Peers.FWKNOPD_UDP, theirs), 0);
            }
        }
    }

    private static double micros(Report report, Stage stage, Gate gate, FwknopKeys keys, int count) {
        Windows.Receiver receiver = BadPackets.towards(stage, gate, () -> keys.foreign("10.1.1.1"));
        Windows windows = Windows.inTurn(List.of(receiver), load(count)).getFirst();
        BadPackets.note(report, gate, count, load(count), windows);
        return windows.micros();
    }

    /** A window holds as much work with many stanzas as with few. */
    private static Windows.Load load(int stanzas) {
        int packets = Math.clamp(CHECKS / stanzas, LEAST, BadPackets.FRAMES);
        return new Windows.Load(2 * packets + LEAST, packets, Math.clamp(PER_SECOND * 100 / stanzas, 20, PER_SECOND));
    }
}

package tirl.lab.bench;

import java.util.Base64;
import java.util.Locale;
import java.util.Random;

/** What a valid packet of fwknop costs a daemon that remembers many earlier ones: each must be told from a replay. */
final class DigestsRow implements Row {
    private static final int DIGESTS = 500_000;
    private static final int PEER_ROUNDS = 10;
    private static final int DIGEST = 32;
    /** Old, but not so old that one may forget them. */
    private static final int AGE_S = 1_000;

    @Override
    public String name() {
        return "digests";
    }

    /** How long a knock took, and what it cost. */
    private record Cost(Figures millis, double micros) {}

    @Override
    public void measure(Report report, Scale scale) {
        int digests = scale.pick(DIGESTS, 20_000);
        int rounds = Math.min(50, scale.rounds());
        FwknopKeys keys = new FwknopKeys(1, 600);
        String file = file(digests);
        Cost few = ours(report, keys, "", 0, rounds);
        Cost many = ours(report, keys, file, digests, rounds);
        Cost theirs = theirs(report, keys, file, digests, Math.min(PEER_ROUNDS, rounds));
        String what = String.format(Locale.ROOT, "%,d stored digests, ", digests);
        report.less(
                new Report.Duel(
                        what + "knock to connection, tirl fwknop mode, median",
                        "ms",
                        many.millis().median(),
                        Peers.FWKNOPD_UDP,
                        theirs.millis().median()),
                0);
        report.less(
                new Report.Duel(
                        what + "processor time of a valid packet, tirl fwknop mode",
                        "us",
                        many.micros(),
                        Peers.FWKNOPD_UDP,
                        theirs.micros()),
                0);
        report.atMost(
                what + "median beside none",
                many.millis().median() / few.millis().median(),
                "x",
                1.5,
                Figures.number(few.millis().median()) + " ms");
    }

    private static Cost ours(Report report, FwknopKeys keys, String file, int digests, int rounds) {
        long beganNs = System.nanoTime();
        try (Stage stage = Stage.set();
                Gate gate = Ours.fwknop(stage, keys, file)) {
            return cost(report, stage, gate, keys, digests, rounds, beganNs);
        }
    }

    private static Cost theirs(Report report, FwknopKeys keys, String file, int digests, int rounds) {
        long beganNs = System.nanoTime();
        try (Stage stage = Stage.set();
                Gate gate = Peers.fwknopd(stage, true, keys, file)) {
            return cost(report, stage, gate, keys, digests, rounds, beganNs);
        }
    }

    private static Cost cost(
            Report report, Stage stage, Gate gate, FwknopKeys keys, int digests, int rounds, long beganNs) {
        double readySeconds = (System.nanoTime() - beganNs) / 1e9;
        // The first waits for what is taken over.
        Attempts first = stage.attempts(keys.knock(), 1);
        Usage _ = Flood.quiet(gate);
        Attempts _ = stage.attempts(keys.knock(), rounds / 2);
        Usage before = gate.usage();
        Attempts attempts = stage.attempts(keys.knock(), rounds);
        double micros = gate.usage().microsSince(before) / rounds;
        report.note(
                "digests, %s, %,d stored: ready after %.1f s, first packet %s ms; %s, %s, %.0f us each, %.1f MB",
                gate.name(),
                digests,
                readySeconds,
                Figures.number(first.millis().median()),
                attempts,
                attempts.millis().text("ms"),
                micros,
                gate.usage().megabytes());
        return new Cost(attempts.millis(), micros);
    }

    /** Lines as fwknopd writes them. */
    private static String file(int digests) {
        Random random = new Random(Stage.SEED);
        long timeS = System.currentTimeMillis() / 1_000 - AGE_S;
        byte[] digest = new byte[DIGEST];
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < digests; i++) {
            random.nextBytes(digest);
            text.append(Base64.getEncoder().withoutPadding().encodeToString(digest))
                    .append(" 17 10.77.1.1 40000 10.77.0.1 62201 ")
                    .append(timeS)
                    .append('\n');
        }
        return text.toString();
    }
}

package tirl.lab.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import tirl.lab.Await;
import tirl.lab.Volley;

/**
 * What a daemon made of a flood, and of honest clients during it.
 *
 * @param sent what left
 * @param honest clients that knocked meanwhile
 * @param micros processor time of the daemon and its children for each packet
 * @param ownMicros that of the daemon alone
 * @param kernelPercent what of that the kernel worked for it
 * @param before its memory in megabytes
 * @param after the same when it had dealt with all
 */
record Flood(
        Volley.Sent sent,
        Attempts honest,
        double micros,
        double ownMicros,
        double kernelPercent,
        double before,
        double after) {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration QUIET = Duration.ofSeconds(90);
    /** In 0.4 s; with more it still practises or compiles, and would pass for a daemon that is never idle. */
    private static final double IDLE_MICROS = 2_000;

    private static final int LOOKS = 4;
    private static final int MOST_HONEST = 60;

    /**
     * The packets.
     *
     * @param perSecond 0: as fast as it goes
     * @param bunch how many leave at once
     */
    record Hostile(List<byte[]> frames, long total, int perSecond, int bunch) {}

    /** Sends a flood while honest clients knock. */
    static Flood on(Stage stage, Gate gate, Hostile hostile, Knock honest, long patienceNs) {
        return on(stage, gate, hostile, honest, patienceNs, MOST_HONEST);
    }

    /** Sends a flood alone: what is used then is the flood's. */
    static Flood alone(Stage stage, Gate gate, Hostile hostile) {
        return on(stage, gate, hostile, (_, _) -> 0, 0, 0);
    }

    private static Flood on(Stage stage, Gate gate, Hostile hostile, Knock honest, long patienceNs, int mostHonest) {
        Usage before = gate.usage();
        try (Volley volley = Volley.start(
                stage.network(), hostile.frames(), hostile.total(), hostile.perSecond(), hostile.bunch())) {
            Await.until("a volley that begins", Duration.ofSeconds(60), volley::begun);
            Attempts attempts = stage.attemptsWhile(honest, volley::alive, mostHonest, patienceNs);
            Volley.Sent sent = volley.await(LIMIT);
            Usage after = quiet(gate);
            return new Flood(
                    sent,
                    attempts,
                    after.microsSince(before) / sent.frames(),
                    after.ownMicrosSince(before) / sent.frames(),
                    after.kernelPercentSince(before),
                    before.megabytes(),
                    after.megabytes());
        }
    }

    /**
     * Waits until the daemon has dealt with what it was sent, or with its start: it needs next to no time any more, and has done all
     * that it does once.
     */
    static Usage quiet(Gate gate) {
        Await.until(gate.name() + " ends its practice", QUIET, () -> !practises(gate));
        Usage[] last = {gate.usage()};
        Await.until(gate.name() + " comes to rest", QUIET, () -> {
            Pace.millis(400);
            Usage now = gate.usage();
            boolean rests = now.microsSince(last[0]) < IDLE_MICROS;
            last[0] = now;
            return rests;
        });
        return last[0];
    }

    /** The kernel ends its list of threads early when that ends at which it has come: one look may miss some. */
    private static boolean practises(Gate gate) {
        for (int i = 0; i < LOOKS; i++) {
            if (gate.practises()) {
                return true;
            }
            Pace.millis(100);
        }
        return false;
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%,d at %,.0f/s, honest %s (%s), %.2f us each (%.2f without children, %.0f %% of it the kernel), %.1f -> %.1f MB",
                sent.frames(),
                sent.rate(),
                honest,
                honest.millis().text("ms"),
                micros,
                ownMicros,
                kernelPercent,
                before,
                after);
    }
}

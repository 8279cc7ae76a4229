package tirl.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tirl.lab.Await;
import tirl.lab.RawFrames;
import tirl.lab.Volley;

/**
 * The attack on the head of knockd's list: a wrong knock of one forged source, and right after it the first knock of the
 * next. When the oldest attempt of all fails, knockd forgets everybody's.
 */
final class PairsRow implements Row {
    private static final int FIRST_SOURCE = RawFrames.number("10.128.0.0");
    private static final int TRIES = 30;
    private static final int SOURCES = 60_000;
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(400);
    /** As a person's client would pause. */
    private static final Knock SLOW = Knock.sequence(100_000_000, 7000, 8000, 9000);

    @Override
    public String name() {
        return "pairs";
    }

    @Override
    public void measure(Report report, Scale scale) {
        int tries = scale.pick(TRIES, 6);
        for (int perSecond : scale.whole() ? new int[] {10, 100, 1_000} : new int[] {100}) {
            Attempts ours;
            Attempts theirs;
            try (Stage stage = Stage.set();
                    Gate _ = Ours.doors(stage, Duration.ofSeconds(5), Duration.ofMinutes(10))) {
                ours = run(stage, perSecond, tries);
            }
            try (Stage stage = Stage.set();
                    Gate _ = Peers.knockd(stage, 5)) {
                theirs = run(stage, perSecond, tries);
            }
            report.all(
                    "attack on the list's head, " + perSecond + "/s, honest",
                    ours.opened(),
                    ours.tried(),
                    Peers.KNOCKD + ": " + theirs);
        }
    }

    private static Attempts run(Stage stage, int perSecond, int tries) {
        RawFrames raw = RawFrames.towards(stage.network());
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < SOURCES; i++) {
            frames.add(raw.syn(FIRST_SOURCE + Math.max(i - 1, 0), 9000));
            frames.add(raw.syn(FIRST_SOURCE + i, 7000));
        }
        long enough = (long) perSecond * 300;
        try (Volley volley = Volley.start(stage.network(), frames, enough, perSecond, 2)) {
            Await.until("a volley that begins", Duration.ofSeconds(60), volley::begun);
            Pace.millis(500);
            Attempts attempts = new Attempts();
            for (int i = 0; i < tries; i++) {
                attempts.add(stage.attempt(SLOW, PATIENCE_NS));
            }
            return attempts;
        }
    }
}

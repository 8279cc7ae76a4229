package tirl.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tirl.lab.Await;
import tirl.lab.RawFrames;
import tirl.lab.TirlProcess;
import tirl.lab.Volley;

/** Many live leases: what the next one costs, a reload, a restart, and whether all are there afterwards. */
final class LeasesRow implements Row {
    private static final int FIRST_SOURCE = RawFrames.number("10.128.0.0");
    private static final int LEASES = 100_000;
    private static final int PER_SECOND = 3_000;
    private static final int MOST_PASSES = 4;
    private static final Duration LONG = Duration.ofMinutes(3);

    private static final String CONFIG = """
            [[service]]
            name = "ssh"
            ports = ["tcp/22"]
            [[door]]
            name = "crowd"
            sequence = ["tcp/7100"]
            opens = ["ssh"]
            for = "2h"
            [[door]]
            name = "ops"
            sequence = ["tcp/7000", "tcp/8000", "tcp/9000"]
            opens = ["ssh"]
            for = "2h"
            [limits]
            leases = 120000
            """;

    @Override
    public String name() {
        return "leases";
    }

    @Override
    public void measure(Report report, Scale scale) {
        int leases = scale.pick(LEASES, 10_000);
        int rounds = Math.min(30, scale.rounds());
        try (Stage stage = Stage.set();
                TirlProcess tirl = TirlProcess.start(stage.network().server(), List.of("srv0"), CONFIG)) {
            Attempts _ = stage.attempts(LatencyRow.SEQUENCE, rounds);
            Attempts before = stage.attempts(LatencyRow.SEQUENCE, rounds);
            fill(report, stage, tirl, leases);
            Attempts after = stage.attempts(LatencyRow.SEQUENCE, rounds);
            report.note(
                    "leases, the next with few: %s; with %,d: %s",
                    before.millis().text("ms"), leases, after.millis().text("ms"));
            String what = String.format(Locale.ROOT, "%,d live leases, ", leases);
            report.atMost(
                    what + "the next open beside none",
                    after.millis().median() / before.millis().median(),
                    "x",
                    1.5,
                    Figures.number(after.millis().median()) + " ms");
            long all = live(tirl);
            long began = System.nanoTime();
            String answer = Control.ask(tirl.controlSocket(), "reload");
            report.atMost(what + "a reload", secondsSince(began), "s", 5, "");
            report.note("leases, reload: %s", answer);
            int exit = tirl.end("KILL");
            began = System.nanoTime();
            tirl.restart();
            report.atMost(what + "SIGKILL and restart, to ready", secondsSince(began), "s", 5, "");
            Usage used = Usage.of(tirl.handle());
            report.note(
                    "leases, restart after exit %d: %.1f s of processor time until ready, %.1f MB",
                    exit, used.ownNs() / 1e9, used.megabytes());
            report.all(what + "after reload and restart, in the daemon", live(tirl), all, "");
            report.all(what + "after reload and restart, in the kernel", inKernel(stage), all, "");
        }
    }

    private static void fill(Report report, Stage stage, TirlProcess tirl, int leases) {
        RawFrames raw = RawFrames.towards(stage.network());
        List<byte[]> frames = new ArrayList<>(leases);
        for (int i = 0; i < leases; i++) {
            frames.add(raw.syn(FIRST_SOURCE + i, 7100));
        }
        Usage before = Usage.of(tirl.handle());
        long there = live(tirl);
        // What a ring lost on a busy machine comes again: that all are there is where the measuring begins.
        for (int pass = 0; pass < MOST_PASSES && live(tirl) < there + leases; pass++) {
            try (Volley volley = Volley.start(stage.network(), frames, leases, PER_SECOND)) {
                volley.await(LONG);
            }
            long[] last = {0};
            Await.until("leases that do not become more", LONG, () -> {
                Pace.millis(500);
                long now = live(tirl);
                boolean done = now == last[0];
                last[0] = now;
                return done;
            });
            Usage after = Usage.of(tirl.handle());
            if (pass == 0) {
                report.fact(Fact.DOOR_VALID, after.microsSince(before) / (last[0] - there));
            }
            report.note(
                    "leases, %,d of %,d opened at %,d/s: %.0f us each, %.1f -> %.1f MB",
                    last[0] - there,
                    leases,
                    PER_SECOND,
                    after.microsSince(before) / (last[0] - there),
                    before.megabytes(),
                    after.megabytes());
        }
    }

    private static long live(TirlProcess tirl) {
        return Control.counter(tirl.controlSocket(), "leases");
    }

    private static long inKernel(Stage stage) {
        String listed = stage.network()
                .server()
                .run(LONG, "nft", "list", "set", "inet", "tirl", "open4")
                .orThrow()
                .out();
        return listed.split("expires", -1).length - 1L;
    }

    private static double secondsSince(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}

package tirl.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tirl.lab.RawFrames;

/** First knocks from forged sources, which a daemon has to remember until their time is over. */
final class ForgedRow implements Row {
    private static final int FIRST_SOURCE = RawFrames.number("10.128.0.0");
    private static final int PER_SECOND = 10_000;
    private static final int SOURCES = 100_000;
    private static final int FEW_SOURCES = 1_000;
    private static final int PARTS = 5;
    private static final int WITHIN_SECONDS = 600;
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(1_500);
    /** RSS that a flood may add to a heap that was not yet used. */
    private static final double FLAT_MEGABYTES = 16;

    private static final Knock HONEST = Knock.sequence(20_000_000, 7000, 8000, 9000);

    @Override
    public String name() {
        return "forged";
    }

    @Override
    public void measure(Report report, Scale scale) {
        int packets = scale.pick(SOURCES, 20_000);
        double before;
        double after;
        Cost growing;
        Cost full;
        Flood honest;
        try (Stage stage = Stage.set();
                Gate gate = Ours.doors(stage, Duration.ofSeconds(WITHIN_SECONDS), Duration.ofMinutes(10))) {
            Usage _ = Flood.quiet(gate);
            // What the first seconds of a JVM cost is not what a packet costs.
            Flood _ = run(report, stage, gate, FEW_SOURCES, packets / 2);
            Flood _ = alone(report, stage, gate, FEW_SOURCES, packets / 2);
            before = atRest(report, gate, scale);
            // Its entries are made in this one, and in the next each is another's end.
            growing = beside(report, stage, gate, packets);
            full = beside(report, stage, gate, packets);
            honest = run(report, stage, gate, packets, packets);
            after = atRest(report, gate, scale);
        }
        Flood knockd;
        Flood knockdHonest;
        try (Stage stage = Stage.set();
                Gate gate = Peers.knockd(stage, WITHIN_SECONDS)) {
            knockd = alone(report, stage, gate, packets, packets);
            knockdHonest = run(report, stage, gate, packets, packets);
        }
        report.fact(Fact.FORGED, growing.many());
        String what = "forged first knocks, " + packets / 1_000 + ",000 sources at 10,000/s";
        report.less(new Report.Duel(what + ", CPU", "us", growing.many(), Peers.KNOCKD, knockd.micros()), 0);
        report.atMost(what + ", CPU", growing.many(), "us", 5, "");
        report.atMost("the same beside 1,000 sources", growing.ratio(), "x", 1.5, "flat");
        report.atMost("the same once more, beside 1,000 sources", full.ratio(), "x", 1.5, "flat");
        all(report, what, honest, Peers.KNOCKD + ": " + knockdHonest.honest());
        report.atMost(
                what + ", memory grows by",
                after - before,
                "MB",
                FLAT_MEGABYTES,
                Peers.KNOCKD + ": " + Figures.number(knockdHonest.after() - knockd.before()) + " MB");
    }

    /** What a compiler took for a moment, some ten megabytes, is given back by then (daemon.options); sources are not forgotten. */
    private static double atRest(Report report, Gate gate, Scale scale) {
        double now = gate.usage().megabytes();
        int restMs = scale.pick(12_000, 10);
        Pace.millis(restMs);
        double then = gate.usage().megabytes();
        report.note(
                "forged, %s: %s MB resident, %s MB after %,d ms of rest",
                gate.name(), Figures.number(now), Figures.number(then), restMs);
        return then;
    }

    static void all(Report report, String what, Flood flood, String beside) {
        report.all(what + ", honest", flood.honest().opened(), flood.honest().tried(), beside);
    }

    /** With honest clients. */
    private static Flood run(Report report, Stage stage, Gate gate, int sources, int packets) {
        Flood flood = Flood.on(stage, gate, hostile(stage, 0, sources, packets), HONEST, PATIENCE_NS);
        return noted(report, gate, sources, "with honest clients", flood);
    }

    /** What a flood costs: a full grant costs as much as a hundred packets of noise. */
    private static Flood alone(Report report, Stage stage, Gate gate, int sources, int packets) {
        return noted(report, gate, sources, "alone", Flood.alone(stage, gate, hostile(stage, 0, sources, packets)));
    }

    /**
     * Microseconds that a packet cost, of few sources and of many.
     *
     * @param few when they came from a thousand
     * @param many when each came from another
     */
    private record Cost(double few, double many) {
        double ratio() {
            return many / few;
        }
    }

    /** Both in parts and in turn: if the machine is slow for a while, it is so for both. */
    private static Cost beside(Report report, Stage stage, Gate gate, int sources) {
        int part = sources / PARTS;
        List<Double> few = new ArrayList<>();
        List<Double> many = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            few.add(Flood.alone(stage, gate, hostile(stage, 0, FEW_SOURCES, part))
                    .micros());
            many.add(Flood.alone(stage, gate, hostile(stage, i * part, part, part))
                    .micros());
        }
        note(report, gate, few, FEW_SOURCES, part);
        note(report, gate, many, sources, part);
        return new Cost(mean(few), mean(many));
    }

    private static void note(Report report, Gate gate, List<Double> each, int sources, int part) {
        report.note(
                "forged alone, %s, %,d sources, in turn with the other, %d times %,d packets: mean %s, %s",
                gate.name(),
                sources,
                each.size(),
                part,
                Figures.number(mean(each)),
                Figures.of(each).text("us"));
    }

    /** Not the median: to grow costs something in some parts, and counts. */
    private static double mean(List<Double> each) {
        return each.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    private static Flood.Hostile hostile(Stage stage, int first, int sources, int packets) {
        RawFrames raw = RawFrames.towards(stage.network());
        List<byte[]> frames = new ArrayList<>(sources);
        for (int i = 0; i < sources; i++) {
            frames.add(raw.syn(FIRST_SOURCE + first + i, 7000));
        }
        return new Flood.Hostile(frames, packets, PER_SECOND, 1);
    }

    private static Flood noted(Report report, Gate gate, int sources, String how, Flood flood) {
        report.note("forged %s, %s, %,d sources: %s", how, gate.name(), sources, flood.text());
        return flood;
    }
}

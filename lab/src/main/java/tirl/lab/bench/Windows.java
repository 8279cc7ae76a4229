package tirl.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tirl.lab.Volley;

/**
 * What one packet costs a daemon, measured several times in a row, less what it needs by itself. What it does now and then, such as
 * the tokens of the next epoch, falls into one window at most and does not count.
 *
 * @param each microseconds of its own processor time for a packet, in each window
 * @param idle microseconds that it needs in a second without packets
 * @param megabytes what it had resident then
 */
record Windows(Figures each, double idle, double megabytes) {
    private static final int WINDOWS = 5;
    private static final int IDLE_MILLIS = 400;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /**
     * How much is sent.
     *
     * @param warm packets before: a JVM's first ones are not what a packet costs
     * @param packets in each window
     * @param perSecond how fast, always: it makes a difference whether a daemon wakes up for each
     */
    record Load(int warm, int packets, int perSecond) {}

    static Windows of(Stage stage, Gate gate, List<byte[]> frames, Load load) {
        Usage _ = Flood.quiet(gate);
        send(stage, frames, load.warm(), load.perSecond());
        Usage last = Flood.quiet(gate);
        double idlePerNs = idlePerNs(gate);
        List<Double> each = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            Usage before = gate.usage();
            long beganNs = System.nanoTime();
            send(stage, frames, load.packets(), load.perSecond());
            last = Flood.quiet(gate);
            double idle = idlePerNs * (System.nanoTime() - beganNs);
            each.add(Math.max(0, last.ownMicrosSince(before) - idle) / load.packets());
        }
        return new Windows(Figures.of(each), idlePerNs * 1e9, last.megabytes());
    }

    /** What it needs without packets: a median, as a compiler or a collector may have its turn even then. */
    private static double idlePerNs(Gate gate) {
        List<Double> each = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            Usage before = gate.usage();
            long beganNs = System.nanoTime();
            Pace.millis(IDLE_MILLIS);
            each.add(gate.usage().ownMicrosSince(before) / (System.nanoTime() - beganNs));
        }
        return Figures.of(each).median();
    }

    private static void send(Stage stage, List<byte[]> frames, int packets, int perSecond) {
        try (Volley volley = Volley.start(stage.network(), frames, packets, perSecond)) {
            volley.await(LIMIT);
        }
    }

    double micros() {
        return each.median();
    }

    String text() {
        return String.format(Locale.ROOT, "%s; %,.0f us a second when idle, %.1f MB", each.text("us"), idle, megabytes);
    }
}

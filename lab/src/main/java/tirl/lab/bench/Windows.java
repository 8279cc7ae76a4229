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
    private static final int WINDOWS = 3;
    private static final int IDLE_MILLIS = 1_000;
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
        Usage calm = Flood.quiet(gate);
        long calmNs = System.nanoTime();
        Pace.millis(IDLE_MILLIS);
        Usage last = gate.usage();
        double idlePerNs = last.ownMicrosSince(calm) / (System.nanoTime() - calmNs);
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

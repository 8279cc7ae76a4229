package tirl.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tirl.lab.Volley;

/**
 * What one packet costs a daemon, measured several times, less what it needs by itself. What it does now and then, such as
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

    /** A daemon, and the packets that come to it again and again. */
    record Receiver(Stage stage, Gate gate, List<byte[]> frames) {
        private void take(int packets, int perSecond) {
            try (Volley volley = Volley.start(stage.network(), frames, packets, perSecond)) {
                volley.await(LIMIT);
            }
        }
    }

    /** The windows of several daemons in turn: if the machine is slow for a while, it is so for each. */
    static List<Windows> inTurn(List<Receiver> receivers, Load load) {
        List<Course> courses =
                receivers.stream().map(receiver -> Course.begin(receiver, load)).toList();
        for (int i = 0; i < WINDOWS; i++) {
            courses.forEach(Course::window);
        }
        return courses.stream().map(Course::end).toList();
    }

    /** What became known of one of them so far. */
    private record Course(Receiver receiver, Load load, double idlePerNs, List<Double> each) {
        static Course begin(Receiver receiver, Load load) {
            Usage _ = Flood.quiet(receiver.gate());
            receiver.take(load.warm(), load.perSecond());
            Usage _ = Flood.quiet(receiver.gate());
            return new Course(receiver, load, withoutPackets(receiver.gate()), new ArrayList<>());
        }

        void window() {
            Usage before = receiver.gate().usage();
            long beganNs = System.nanoTime();
            receiver.take(load.packets(), load.perSecond());
            Usage after = Flood.quiet(receiver.gate());
            double idle = idlePerNs * (System.nanoTime() - beganNs);
            each.add(Math.max(0, after.ownMicrosSince(before) - idle) / load.packets());
        }

        Windows end() {
            return new Windows(
                    Figures.of(each), idlePerNs * 1e9, receiver.gate().usage().megabytes());
        }
    }

    /** What it needs without packets: a median, as a compiler or a collector may have its turn even then. */
    private static double withoutPackets(Gate gate) {
        List<Double> each = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            Usage before = gate.usage();
            long beganNs = System.nanoTime();
            Pace.millis(IDLE_MILLIS);
            each.add(gate.usage().ownMicrosSince(before) / (System.nanoTime() - beganNs));
        }
        return Figures.of(each).median();
    }

    double micros() {
        return each.median();
    }

    String text() {
        return String.format(Locale.ROOT, "%s; %,.0f us a second when idle, %.1f MB", each.text("us"), idle, megabytes);
    }
}

package tirl.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tirl.lab.RawFrames;

/** Packets that are refused, and what one of them costs. */
final class BadPackets {
    /** Addresses of the subnet that no client has: from one alone our own would not look at so many. */
    private static final int FIRST_SOURCE = RawFrames.number("10.77.77.50");

    private static final int SOURCES = 200;
    /** Different ones; they are sent again and again. */
    static final int FRAMES = 2_000;

    private BadPackets() {}

    /** A daemon to which they come. */
    static Windows.Receiver towards(Stage stage, Gate gate, Supplier<byte[]> bad) {
        RawFrames raw = RawFrames.towards(stage.network());
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            frames.add(raw.datagram(FIRST_SOURCE + i % SOURCES, FwknopKeys.PORT, bad.get()));
        }
        return new Windows.Receiver(stage, gate, frames);
    }

    /** A line in the report, of a daemon that knows so many keys. */
    static void note(Report report, Gate gate, int keys, Windows.Load load, Windows windows) {
        report.note(
                "bad packets, %s, %,d keys, one of %,d at %,d/s, own time: %s",
                gate.name(), keys, load.packets(), load.perSecond(), windows.text());
    }
}

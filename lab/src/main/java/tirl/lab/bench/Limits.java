package tirl.lab.bench;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What one host carries, computed from what one packet costs. */
final class Limits {
    private static final double GIGABIT = 1e9;

    private Limits() {}

    /** A section of the page; empty when nothing of it was measured. */
    static String of(Map<Fact, Double> micros) {
        return micros.isEmpty()
                ? ""
                : """


                        ## What one processor carries

                        Computed from the figures below, for one processor that does nothing else. The processor time is the daemon's, with
                        its calls of the kernel; what the kernel spends on a packet before anybody looks at it is not in it.

                        | packets | processor time each | a second | on the wire | processors that 1 Gbit/s of them fills |
                        |---|---|---|---|---|
                        """
                        + micros.entrySet().stream()
                                .map(each -> line(each.getKey(), each.getValue()))
                                .collect(Collectors.joining("\n"));
    }

    private static String line(Fact fact, double micros) {
        double perSecond = 1e6 / micros;
        double bits = 8.0 * fact.octetsOnTheWire();
        return String.format(
                Locale.ROOT,
                "| %s | %s us | %,.0f | %s Mbit/s | %s |",
                fact.text(),
                Figures.number(micros),
                perSecond,
                Figures.number(perSecond * bits / 1e6),
                Figures.number(GIGABIT / bits * micros / 1e6));
    }
}

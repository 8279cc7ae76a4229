package tirl.lab.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Measured values of one kind, sorted. */
final class Figures {
    private final double[] sorted;

    private Figures(double[] sorted) {
        this.sorted = sorted;
    }

    static Figures of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(value -> value).toArray();
        Arrays.sort(sorted);
        return new Figures(sorted);
    }

    int count() {
        return sorted.length;
    }

    /** The value that so many of a hundred do not exceed; not a number when nothing was measured. */
    double at(int percent) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[Math.min(sorted.length - 1, (int) ((long) sorted.length * percent / 100))];
    }

    double median() {
        return at(50);
    }

    /** For the notes below the table. */
    String text(String unit) {
        return String.format(
                Locale.ROOT,
                "least %s, median %s, p95 %s, p99 %s, most %s %s (n=%d)",
                number(at(0)),
                number(median()),
                number(at(95)),
                number(at(99)),
                number(at(100)),
                unit,
                count());
    }

    /** Three digits that count, or the whole number. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "?";
        }
        double size = Math.abs(value);
        int decimals = size >= 100 || value == Math.rint(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}

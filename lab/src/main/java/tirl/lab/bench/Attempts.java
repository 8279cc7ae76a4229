package tirl.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What became of honest clients. */
final class Attempts {
    private final List<Double> millis = new ArrayList<>();
    private int tried;

    void add(OptionalLong nanos) {
        tried++;
        nanos.ifPresent(value -> millis.add(value / 1e6));
    }

    int tried() {
        return tried;
    }

    int opened() {
        return millis.size();
    }

    /** Milliseconds of those that came through. */
    Figures millis() {
        return Figures.of(millis);
    }

    @Override
    public String toString() {
        return opened() + " of " + tried;
    }
}

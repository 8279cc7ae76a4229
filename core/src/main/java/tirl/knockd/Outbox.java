package tirl.knockd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Outcomes of one packet, held back until the recogniser's state is whole again, so that the sink may change a door,
 * and until they can be put in knockd's order.
 */
final class Outbox {
    private final List<KnockdOutcome> outcomes = new ArrayList<>();
    private long[] high = new long[8];
    private long[] low = new long[8];
    private long[] order = new long[8];
    private boolean unordered;

    /** Outcomes with the same order keep the one in which they were added. */
    void add(long sourceHigh, long sourceLow, long place, KnockdOutcome outcome) {
        int at = outcomes.size();
        if (at == order.length) {
            high = Arrays.copyOf(high, at * 2);
            low = Arrays.copyOf(low, at * 2);
            order = Arrays.copyOf(order, at * 2);
        }
        high[at] = sourceHigh;
        low[at] = sourceLow;
        order[at] = place;
        unordered |= at > 0 && order[at - 1] > place;
        outcomes.add(outcome);
    }

    void drain(KnockdSink sink) {
        try {
            if (unordered) {
                IntStream.range(0, outcomes.size())
                        .boxed()
                        .sorted(Comparator.comparingLong(at -> order[at]))
                        .forEachOrdered(at -> sink.accept(high[at], low[at], outcomes.get(at)));
            } else {
                for (int at = 0; at < outcomes.size(); at++) {
                    sink.accept(high[at], low[at], outcomes.get(at));
                }
            }
        } finally {
            outcomes.clear();
            unordered = false;
        }
    }
}

package tirl.knockd;

/** Takes outcomes in the order in which knockd logs them. The source is two longs so that a flood costs no objects. */
@FunctionalInterface
public interface KnockdSink {
    void accept(long sourceHigh, long sourceLow, KnockdOutcome outcome);
}

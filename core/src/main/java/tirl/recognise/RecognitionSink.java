package tirl.recognise;

/** Takes recognitions as they happen. The source is given as two longs so that a flood costs no objects. */
@FunctionalInterface
public interface RecognitionSink {
    void accept(long sourceHigh, long sourceLow, Recognition recognition);
}

package tirl.event;

/** Takes events. Must return at once: the decision thread calls it. */
public interface EventSink {
    /** Whether anybody looks at progress events (advanced, rejected); when nobody does, none is made. */
    boolean wantsProgress();

    void accept(Event event);
}

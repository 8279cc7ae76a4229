package tirl.daemon.practice;

import tirl.event.Event;
import tirl.event.EventSink;

/** Passes on what it is told. */
class Told implements EventSink {
    private final EventSink to;

    Told(EventSink to) {
        this.to = to;
    }

    @Override
    public boolean wantsProgress() {
        return to.wantsProgress();
    }

    @Override
    public void accept(Event event) {
        to.accept(event);
    }
}

package tirl.daemon;

import java.util.function.BiConsumer;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.packet.Address;

/** Tells, beside handing events on, who was let in by which door. */
record TrialEvents(EventSink next, BiConsumer<Address, String> opened) implements EventSink {
    @Override
    public boolean wantsProgress() {
        return next.wantsProgress();
    }

    @Override
    public void accept(Event event) {
        next.accept(event);
        if (event instanceof Event.Opened(var _, var source, var door, var _, var _)) {
            opened.accept(source, door);
        } else if (event instanceof Event.Extended(var _, var source, var door, var _, var _)) {
            opened.accept(source, door);
        }
    }
}

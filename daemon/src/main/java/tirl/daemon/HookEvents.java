package tirl.daemon;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import tirl.daemon.hooks.DoorCommands;
import tirl.door.Hooks;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.packet.Address;

/** Runs the hooks of doors as their leases open, are extended and are taken back; then passes the event on. */
final class HookEvents implements EventSink {
    private final EventSink next;
    private final DoorCommands commands;
    private final Function<String, Hooks> hooksOf;

    HookEvents(EventSink next, DoorCommands commands, Function<String, Hooks> hooksOf) {
        this.next = next;
        this.commands = commands;
        this.hooksOf = hooksOf;
    }

    @Override
    public boolean wantsProgress() {
        return next.wantsProgress();
    }

    @Override
    public void accept(Event event) {
        switch (event) {
            case Event.Opened(var _, var source, var door, var _, var left) -> open(door, source, left);
            case Event.Extended(var _, var source, var door, var _, var left) -> open(door, source, left);
            case Event.Revoked(var _, var source, var door, var _) -> commands.shut(door, source);
            // Stop hooks have a timer and a journal of their own, so that they run also after a crash.
            case Event.Expired _, Event.Denied _, Event.Advanced _, Event.Rejected _ -> {}
            case Event.Cut _, Event.NotCut _, Event.Enrolled _, Event.Rekeyed _ -> {}
        }
        next.accept(event);
    }

    private void open(String door, Address source, Duration left) {
        Hooks hooks = hooksOf.apply(door);
        Optional<String> stop = hooks.stop(source);
        Optional<String> start = hooks.start(source);
        if (start.isPresent() || stop.isPresent()) {
            commands.open(new DoorCommands.Opening(door, source, start, stop, left));
        }
    }
}

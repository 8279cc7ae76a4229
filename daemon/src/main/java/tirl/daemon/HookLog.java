package tirl.daemon;

import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.log.Log;
import tirl.packet.Address;

/** Hooks in the daemon's log. */
record HookLog(Log log, Refused refused) implements DoorCommands.Listener {
    /** Takes back what was opened for a door whose hooks were not run. Any thread. */
    @FunctionalInterface
    interface Refused {
        void takeBack(String door, Address source, String why);
    }

    @Override
    public void running(String door, String command) {
        log.notice(door + ": running: " + command);
    }

    @Override
    public void shutting(String door, Address source) {
        log.notice(source + " " + door + ": stop hook is due");
    }

    @Override
    public void failed(String door, int exitStatus) {
        log.warning(door + ": the hook ended with status " + exitStatus);
    }

    @Override
    public void output(String door, String line) {
        log.notice(door + ": hook output: " + line);
    }

    @Override
    public void trouble(String message) {
        log.error(message);
    }

    @Override
    public void refused(String door, Address source, String why) {
        refused.takeBack(door, source, why);
    }
}

package tirl.daemon;

import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.log.Log;
import tirl.packet.Address;

/** Hooks in the daemon's log. */
record HookLog(Log log) implements DoorCommands.Listener {
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
}

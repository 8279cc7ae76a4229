package tirl.daemon.knockd;

import tirl.daemon.hooks.DoorCommands;
import tirl.knockd.KnockdMessages;
import tirl.packet.Address;

/** Commands in knockd's log. What they print goes to standard output, as it would through knockd. */
record CommandLog(KnockdLog log, boolean explain) implements DoorCommands.Listener {
    @Override
    public void running(String door, String command) {
        log.message(KnockdMessages.runningCommand(door, command));
    }

    @Override
    public void shutting(String door, Address source) {
        log.message(source, name -> KnockdMessages.commandTimeout(name, door));
    }

    @Override
    public void failed(String door, int exitStatus) {
        log.loud(KnockdMessages.commandStatus(door, exitStatus));
    }

    @Override
    public void output(String door, String line) {
        if (explain) {
            log.message(door + ": command output: " + line);
        } else {
            System.out.println(line);
        }
    }

    @Override
    public void trouble(String message) {
        log.loud("tirl: " + message);
    }
}

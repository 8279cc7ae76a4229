package tirl.daemon;

import tirl.daemon.join.JoinKeeper;
import tirl.daemon.log.Log;

/** What happens to the join rule, in the daemon's log. */
record JoinLog(Log log) implements JoinKeeper.Listener {
    @Override
    public void notice(String message) {
        log.notice(message);
    }

    @Override
    public void warning(String message) {
        log.warning(message);
    }

    @Override
    public void error(String message) {
        log.error(message);
    }
}

package tirl.daemon;

import tirl.daemon.log.Log;
import tirl.linux.capture.CaptureListener;

/** Tells when an interface is heard and when it is not. */
record CaptureLog(Log log) implements CaptureListener {
    @Override
    public void opened(String iface) {
        log.notice("listening on " + iface);
    }

    @Override
    public void lost(String iface, String reason) {
        log.warning("not listening on " + iface + ": " + reason);
    }
}

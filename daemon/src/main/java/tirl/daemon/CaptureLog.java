package tirl.daemon;

import tirl.config.Config;
import tirl.daemon.log.Log;
import tirl.linux.capture.CaptureDepth;
import tirl.linux.capture.CaptureListener;

/** Tells when an interface is heard and when it is not. */
record CaptureLog(Log log) implements CaptureListener {
    /** How much of each packet a configuration needs. */
    static CaptureDepth depth(Config config) {
        if (config.fwknop().isPresent()) {
            return CaptureDepth.WHOLE;
        }
        return config.spa().isPresent() ? CaptureDepth.PAYLOAD : CaptureDepth.HEADERS;
    }

    @Override
    public void opened(String iface) {
        log.notice("listening on " + iface);
    }

    @Override
    public void lost(String iface, String reason) {
        log.warning("not listening on " + iface + ": " + reason);
    }
}

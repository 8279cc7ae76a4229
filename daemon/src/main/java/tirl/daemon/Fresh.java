package tirl.daemon;

import tirl.config.Config;
import tirl.daemon.control.ControlException;
import tirl.daemon.fwknop.FwknopPart;
import tirl.daemon.spa.SpaPart;

/** Another configuration, with all that the files it names say. */
record Fresh(Config config, SpaPart.Reading devices, FwknopPart.Reading fwknop) {
    /** Changes nothing. Any thread, best not the decision thread. */
    static Fresh read(Daemon daemon, Config config) throws ControlException {
        return new Fresh(config, daemon.spa().read(config), FwknopPart.read(config));
    }
}

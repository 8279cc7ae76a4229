package tirl.daemon.fwknop;

import tirl.fwknop.gate.Decision;
import tirl.fwknop.gate.FwknopGate;
import tirl.packet.Address;

/**
 * A packet that waits for its decision.
 *
 * @param gate by which it is to be decided; of one gate one packet at a time
 */
record Asked(FwknopGate gate, byte[] payload, Address source, Address destination, long nowS) {
    Decision decide() {
        return gate.decide(payload, source, destination, nowS);
    }
}

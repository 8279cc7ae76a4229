package tirl.daemon.fwknop;

import tirl.fwknop.gate.Decision;
import tirl.fwknop.gate.FwknopGate;
import tirl.packet.Address;

/** A packet that waits for its decision. */
final class Asked {
    private final FwknopGate gate;
    private final byte[] payload;
    private final Address source;
    private final Address destination;
    private final long nowS;

    /** @param gate by which it is to be decided; of one gate one packet at a time */
    Asked(FwknopGate gate, byte[] payload, Address source, Address destination, long nowS) {
        this.gate = gate;
        this.payload = payload;
        this.source = source;
        this.destination = destination;
        this.nowS = nowS;
    }

    /** Whether it takes microseconds only. */
    boolean isQuick() {
        return gate.isQuick();
    }

    Decision decide() {
        return gate.decide(payload, source, destination, nowS);
    }
}

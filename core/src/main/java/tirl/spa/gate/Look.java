package tirl.spa.gate;

import tirl.packet.Address;
import tirl.spa.CheckedPacket;
import tirl.spa.OpenResult;
import tirl.spa.Opener;

/** What the gate makes of a packet with a live token before any key agreement. */
public sealed interface Look {
    /** It ends here. */
    record Refused(Admission.Refused refused) implements Look {}

    /** Worth a key agreement. Nothing of the gate is in it that changes, so any thread may {@link #open} it. */
    record Agreement(long token, int number, Peer peer, CheckedPacket packet, Address source, int port)
            implements Look {
        /** The key agreement, and what it opens: a tenth of a millisecond and more. */
        public OpenResult open() {
            return Opener.open(packet, peer.server(), peer.seed());
        }
    }
}

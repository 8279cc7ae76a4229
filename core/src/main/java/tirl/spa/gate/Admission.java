package tirl.spa.gate;

import tirl.packet.Address;
import tirl.spa.AnswerKey;
import tirl.spa.Body;
import tirl.spa.Refusal;

/** What a packet with a live token came to. Packets without one are counted, nothing else. */
public sealed interface Admission {
    /**
     * Authentic, fresh, new: now it is the policy's. The peer's window has the counter already, in memory; it has to be
     * on disk before anything opens.
     *
     * @param number of the peer, {@link PeerBook#peer}
     * @param answerKey to be wiped when no answer is sent
     */
    record Admitted(int number, Peer peer, Body body, AnswerKey answerKey, Address source, int port)
            implements Admission {}

    /** Authentic, but not fresh: nothing may come of it but an answer that tells the peer about its clock. */
    record Untimely(int number, Peer peer, Body body, Refusal reason, AnswerKey answerKey, Address source, int port)
            implements Admission {}

    /** It ends here, in silence. */
    record Refused(Peer peer, Refusal reason, Address source) implements Admission {}
}

package tirl.recognise;

import tirl.packet.Packet;

/** Watches packets for one kind of knock. Called from the decision thread only. */
public interface Recogniser {
    /**
     * Looks at a packet that arrived for this host at {@code nowNs}, a monotonic clock in nanoseconds. Garbage gives no
     * recognition and costs no allocation.
     */
    void on(Packet packet, long nowNs, RecognitionSink sink);

    /** Forgets what is too old; a bounded piece of work, to be called about once a second. */
    void expire(long nowNs, RecognitionSink sink);

    /** Sources with a half-done knock. */
    int halfDone();
}

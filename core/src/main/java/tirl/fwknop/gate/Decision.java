package tirl.fwknop.gate;

import java.util.List;
import tirl.fwknop.ReplayDigest;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.access.Stanza;

/** What comes of a packet. */
public sealed interface Decision {
    /** Nobody's. */
    record Ignored(Dismissal why) implements Decision {}

    /** Somebody's, and refused. It is to be remembered like one that was granted. */
    record Denied(Identity identity, Stanza stanza, SpaMessage message, DenyReason why) implements Decision {}

    /** Nothing may be done before the store has taken its {@link Identity}, durably, for one not seen before. */
    record Granted(Identity identity, Stanza stanza, SpaMessage message, Action action) implements Decision {}

    /**
     * What a packet is remembered by.
     *
     * @param digests any of which seen before makes it a replay: that of the ciphertext, and the one that fwknopd keeps
     * @param freshUntil Unix time until which it could be sent again; {@link Long#MAX_VALUE} for ever
     */
    record Identity(List<ReplayDigest> digests, long freshUntil) {
        public Identity {
            digests = List.copyOf(digests);
        }
    }
}

package tirl.recognise;

import java.util.List;
import tirl.door.Door;

/**
 * What one packet meant to one kind of knock. Values are made when the configuration is loaded and shared, so that
 * telling costs no allocation.
 */
public sealed interface Recognition {

    /**
     * A sequence moved on.
     *
     * @param doors names of the doors that share the sequence so far
     * @param stage how many knocks have been accepted, from 1
     */
    record Advanced(List<String> doors, int stage) implements Recognition {}

    /** A half-done sequence is over. The stage is the one it had reached. */
    record Rejected(List<String> doors, int stage, RejectReason reason) implements Recognition {}

    /** The right knock for this door. */
    record Recognised(Door door) implements Recognition {}
}

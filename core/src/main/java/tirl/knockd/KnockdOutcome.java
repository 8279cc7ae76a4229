package tirl.knockd;

/** What a packet or the passing of time did to one source at one door. Stages count from 1. */
public sealed interface KnockdOutcome {
    KnockdDoor door();

    /** A right knock, the last one included: {@link KnockdMessages#stage}. */
    record Stage(KnockdDoor door, int stage) implements KnockdOutcome {}

    /** The sequence is complete; follows the last {@link Stage}. */
    record OpenSesame(KnockdDoor door) implements KnockdOutcome {}

    /** The attempt got as far as this stage and then took too long. */
    record SequenceTimeout(KnockdDoor door, int stage) implements KnockdOutcome {}

    /** A wrong knock ended the attempt at this stage; knockd logs nothing. */
    record Failed(KnockdDoor door, int stage) implements KnockdOutcome {}

    /** The table was full and this attempt the one to go; knockd knows no bound. */
    record CrowdedOut(KnockdDoor door, int stage) implements KnockdOutcome {}
}

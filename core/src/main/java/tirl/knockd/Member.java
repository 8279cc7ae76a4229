package tirl.knockd;

/**
 * A door at a node of its group's tree, with everything that can be said about it there made in advance: a flood makes
 * no objects.
 *
 * @param index of the door in the configuration
 * @param complete whether the door's sequence ends here
 */
record Member(
        int index,
        boolean complete,
        KnockdOutcome.Stage stage,
        KnockdOutcome.OpenSesame open,
        KnockdOutcome.SequenceTimeout timeout,
        KnockdOutcome.Failed failed,
        KnockdOutcome.CrowdedOut crowdedOut) {

    static Member of(int index, KnockdDoor door, int stage) {
        return new Member(
                index,
                stage == door.sequence().size(),
                new KnockdOutcome.Stage(door, stage),
                new KnockdOutcome.OpenSesame(door),
                new KnockdOutcome.SequenceTimeout(door, stage),
                new KnockdOutcome.Failed(door, stage),
                new KnockdOutcome.CrowdedOut(door, stage));
    }
}

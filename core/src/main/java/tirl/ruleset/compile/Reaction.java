package tirl.ruleset.compile;

import java.util.ArrayList;
import java.util.List;
import tirl.door.Door;
import tirl.door.Step;

/**
 * What one kind of knock does to a source's half-done sequence. A source is <em>at</em> stage k when its latest touches
 * are the first k steps; it can be at several at once, as in the daemon's recogniser. All of it counts only while the
 * source has <em>begun</em>: made its first knock no longer ago than {@code within}.
 *
 * @param knock the packets that it is about; an echo of any size stands for those sizes that no other step of the door names
 * @param begins whether it is the first step
 * @param moves in this order; {@link Move.Advance} looks at what the moves before it have left
 * @param older stages other than the first that the source may be at after this knock. An attempt that begins while one
 *     of them is under way counts from the older one's beginning, so no attempt ever takes longer than {@code within}
 */
record Reaction(Step knock, boolean begins, List<Move> moves, List<Integer> older) {

    /** One rule. */
    sealed interface Move {
        /** A source at stage {@code from} is at the next one too; after the last step the door opens. */
        record Advance(int from) implements Move {}

        /** The source is at this stage no longer. */
        record Forget(int stage) implements Move {}
    }

    /**
     * From the last stage to the first, so that nobody advances twice. A stage that the knock carries on or spoils is
     * left; one that the knock repeats stays where the door tolerates that.
     */
    static Reaction of(Door door, Step knock) {
        List<Step> steps = door.sequence();
        List<Move> moves = new ArrayList<>();
        List<Integer> older = new ArrayList<>();
        for (int stage = steps.size() - 1; stage >= 1; stage--) {
            boolean advances = fits(steps.get(stage), knock);
            boolean repeats = fits(steps.get(stage - 1), knock);
            if (advances) {
                moves.add(new Move.Advance(stage));
            }
            if (advances || !repeats || !door.tolerateRepeat()) {
                moves.add(new Move.Forget(stage));
            }
            if (repeats && stage > 1) {
                older.add(stage);
            }
        }
        return new Reaction(knock, fits(steps.getFirst(), knock), List.copyOf(moves), List.copyOf(older));
    }

    /** Whether it carries some attempt on. */
    boolean advances() {
        return moves.stream().anyMatch(Move.Advance.class::isInstance);
    }

    /** Whether a packet of the kind {@code knock} is this step. */
    static boolean fits(Step step, Step knock) {
        return step.equals(knock)
                || (step instanceof Step.Echo wanted
                        && knock instanceof Step.Echo echo
                        && wanted.payload().isEmpty()
                        && wanted.reply() == echo.reply());
    }
}

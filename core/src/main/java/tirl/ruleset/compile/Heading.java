package tirl.ruleset.compile;

import java.util.List;
import java.util.stream.Collectors;
import tirl.config.Notation;
import tirl.door.Step;

/** The comments that both kinds of file have. */
final class Heading {
    private Heading() {}

    /** What a door does, and how exactly the rules keep to it. */
    static String of(DoorPlan plan) {
        StringBuilder text = new StringBuilder();
        var door = plan.door();
        text.append("\n# ---- Door \"").append(door.name()).append("\": ").append(words(door.sequence()));
        text.append(" opens ").append(plan.ports()).append(" to the source for ");
        text.append(Notation.write(door.lease())).append(".\n");
        if (!plan.closes().isEmpty()) {
            text.append("# ").append(words(plan.closes())).append(" shuts it again.\n");
        }
        if (plan.lastStage() == 0) {
            return text.append("# One knock opens: so does every port scan that comes past.\n")
                    .toString();
        }
        text.append("# From the first knock to the last at most ")
                .append(Notation.write(door.within()))
                .append(": whoever's first knock is older is no longer in \"began\", and\n")
                .append("# no stage counts without it.\n");
        if (plan.overlaps()) {
            text.append(
                            "# The first step comes again later in the sequence, so it may begin an attempt while an older one is\n")
                    .append(
                            "# under way. That attempt counts from the older one's beginning: it has less time, never more.\n");
        }
        text.append(
                door.strict()
                        ? "# A touch of any other port of the guarded range, of a transport that the sequence uses, spoils it.\n"
                        : "# strict = false: only the ports that these doors list spoil it. A scan in order may open the door.\n");
        text.append(
                door.tolerateRepeat()
                        ? "# The knock just accepted may come again, as retransmitted SYNs and browsers do.\n"
                        : "# tolerate-repeat = false: a retransmitted SYN spoils it.\n");
        return text.toString();
    }

    private static String words(List<Step> steps) {
        return steps.stream().map(Step::toString).collect(Collectors.joining(", "));
    }
}

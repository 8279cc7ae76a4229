package tirl.knockd;

import java.util.ArrayList;
import java.util.List;
import tirl.packet.Address;

/** Doors from the text of a configuration, and outcomes as the lines that knockd logs. */
final class KnockdDoors {
    private KnockdDoors() {}

    static List<KnockdDoor> of(String text) {
        return switch (KnockdConfigParser.parse(text)) {
            case KnockdConfigResult.Accepted accepted -> accepted.config().doors();
            case KnockdConfigResult.Refused refused -> throw new IllegalArgumentException(refused.message());
        };
    }

    static KnockdDoor door(String text) {
        return of("[d]\n" + text).getFirst();
    }

    static String line(Address source, KnockdOutcome outcome) {
        String door = outcome.door().name();
        return switch (outcome) {
            case KnockdOutcome.Stage stage -> KnockdMessages.stage(source.toString(), door, stage.stage());
            case KnockdOutcome.OpenSesame _ -> KnockdMessages.openSesame(source.toString(), door);
            case KnockdOutcome.SequenceTimeout timeout ->
                KnockdMessages.sequenceTimeout(source.toString(), door, timeout.stage())
                        .strip();
            case KnockdOutcome.Failed failed -> "failed " + source + ": " + door + " " + failed.stage();
            case KnockdOutcome.CrowdedOut out -> "crowded " + source + ": " + door + " " + out.stage();
        };
    }

    /** Collects lines. */
    static final class Lines implements KnockdSink {
        final List<String> all = new ArrayList<>();

        @Override
        public void accept(long sourceHigh, long sourceLow, KnockdOutcome outcome) {
            all.add(line(new Address(sourceHigh, sourceLow), outcome));
        }

        /** What has come since the last call. */
        List<String> take() {
            List<String> taken = List.copyOf(all);
            all.clear();
            return taken;
        }
    }
}

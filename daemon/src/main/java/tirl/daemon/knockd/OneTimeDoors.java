package tirl.daemon.knockd;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tirl.daemon.onetime.OneTimeFile;
import tirl.daemon.onetime.OneTimeLine;
import tirl.knockd.KnockdDoor;
import tirl.knockd.KnockdMessages;
import tirl.knockd.KnockdSequenceParser;
import tirl.knockd.KnockdSequenceResult;
import tirl.knockd.KnockdStep;

/** The one-time sequence files of the doors that have one. On the decision thread only. */
final class OneTimeDoors {
    private final Map<Integer, OneTimeFile<KnockdStep>> files = new HashMap<>();
    private final Consumer<String> log;

    private OneTimeDoors(Consumer<String> log) {
        this.log = log;
    }

    /** Reads the files. A door whose file is missing or used up stays shut; knockd would not start at all. */
    static OneTimeDoors read(List<KnockdDoor> doors, Consumer<String> log, Consumer<String> warning) {
        OneTimeDoors all = new OneTimeDoors(log);
        for (int i = 0; i < doors.size(); i++) {
            KnockdDoor door = doors.get(i);
            if (door.oneTimeFile().isEmpty()) {
                continue;
            }
            Path path = Path.of(door.oneTimeFile().get());
            try {
                all.files.put(i, OneTimeFile.read(path, line -> steps(door.name(), line), warning));
            } catch (IOException e) {
                warning.accept("door " + door.name() + " stays shut: its one-time sequences cannot be read: "
                        + e.getMessage());
            }
        }
        return all;
    }

    private static Optional<List<KnockdStep>> steps(String door, String line) {
        return switch (KnockdSequenceParser.parse(door, line)) {
            case KnockdSequenceResult.Steps(var steps, var _) -> Optional.of(steps);
            case KnockdSequenceResult.Wrong _ -> Optional.empty();
        };
    }

    /** The doors with the sequences that count now; empty ones for doors that have none left. */
    List<KnockdDoor> withCurrent(List<KnockdDoor> doors) {
        List<KnockdDoor> now = new ArrayList<>();
        for (int i = 0; i < doors.size(); i++) {
            KnockdDoor door = doors.get(i);
            now.add(door.oneTimeFile().isEmpty() ? door : door.withSequence(current(i)));
        }
        return now;
    }

    private List<KnockdStep> current(int door) {
        OneTimeFile<KnockdStep> file = files.get(door);
        return file == null
                ? List.of()
                : file.current().map(OneTimeLine::sequence).orElse(List.of());
    }

    /**
     * Strikes the door's sequence out, on disk when this returns.
     *
     * @return whether the door may open: not when the line cannot be struck out or was used by another meanwhile
     */
    boolean use(int door, String name) {
        OneTimeFile<KnockdStep> file = files.get(door);
        Optional<OneTimeLine<KnockdStep>> line = file == null ? Optional.empty() : file.current();
        if (file == null || line.isEmpty()) {
            return false;
        }
        try {
            return file.use(line.get());
        } catch (IOException e) {
            log.accept(KnockdMessages.cannotDisableSequence(name));
            return false;
        }
    }

    /** What the door listens for from now on; empty when nothing is left, which is logged. */
    List<KnockdStep> next(int door, String name) {
        List<KnockdStep> next = current(door);
        if (next.isEmpty()) {
            log.accept(KnockdMessages.noMoreSequences(name));
        }
        return next;
    }
}

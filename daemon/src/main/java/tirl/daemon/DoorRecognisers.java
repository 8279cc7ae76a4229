package tirl.daemon;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import tirl.config.Config;
import tirl.daemon.log.Log;
import tirl.door.Door;
import tirl.recognise.Recogniser;
import tirl.recognise.Recognisers;
import tirl.recognise.SequenceRecogniser;
import tirl.ruleset.CaptureFilter;

/** The recognisers for the doors of one configuration, and what they have to hear. */
final class DoorRecognisers {
    private final Config config;
    private final List<Door> plain;
    private final List<OneTimeRecogniser> oneTime = new ArrayList<>();
    private final Recogniser all;

    /**
     * Reads the files of one-time doors; a door whose file cannot be read stays shut, which is logged.
     *
     * @param secrets random numbers
     * @param rotated is run when a one-time door goes on to its next sequence, which may need another filter
     */
    DoorRecognisers(Config config, LongSupplier secrets, Log log, Runnable rotated) {
        this.config = config;
        plain = config.doors().stream()
                .filter(door -> door.oneTimeFile().isEmpty())
                .toList();
        for (Door door : config.doors()) {
            if (door.oneTimeFile().isPresent()) {
                try {
                    oneTime.add(OneTimeRecogniser.read(
                            door,
                            door.oneTimeFile().get(),
                            now -> new SequenceRecogniser(config.withDoors(List.of(now)), secrets.getAsLong()),
                            log::warning,
                            rotated));
                } catch (IOException e) {
                    log.error("door " + door.name() + " stays shut: its one-time sequences cannot be read: "
                            + e.getMessage());
                }
            }
        }
        List<Recogniser> each = new ArrayList<>();
        each.add(new SequenceRecogniser(config.withDoors(plain), secrets.getAsLong()));
        each.addAll(oneTime);
        all = each.size() == 1 ? each.getFirst() : new Recognisers(each);
    }

    Recogniser recogniser() {
        return all;
    }

    /** What these recognisers have to hear now. */
    CaptureFilter filter() {
        List<Door> doors = new ArrayList<>(plain);
        oneTime.forEach(one -> doors.add(one.doorNow()));
        return CaptureFilter.of(config.withDoors(doors));
    }
}

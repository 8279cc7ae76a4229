package tirl.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import tirl.daemon.onetime.OneTimeFile;
import tirl.daemon.onetime.OneTimeLine;
import tirl.door.Door;
import tirl.door.Step;
import tirl.knockd.KnockdSequenceParser;
import tirl.knockd.KnockdSequenceResult;
import tirl.knockd.KnockdStep;
import tirl.packet.Packet;
import tirl.packet.Transport;
import tirl.recognise.Recogniser;
import tirl.recognise.Recognition;
import tirl.recognise.RecognitionSink;

/**
 * One door whose sequences each open it once. A sequence is struck out in its file, on disk, before the door opens; then
 * the next one counts, and knocks half done at the old one are forgotten.
 */
final class OneTimeRecogniser implements Recogniser {
    private final Door door;
    private final OneTimeFile<Step> file;
    private final Function<Door, Recogniser> making;
    private final Consumer<String> trouble;
    private final Runnable rotated;
    private Optional<Recogniser> current;
    private boolean used;

    private OneTimeRecogniser(
            Door door,
            OneTimeFile<Step> file,
            Function<Door, Recogniser> making,
            Consumer<String> trouble,
            Runnable rotated) {
        this.door = door;
        this.file = file;
        this.making = making;
        this.trouble = trouble;
        this.rotated = rotated;
        current = make();
    }

    /** Reads the door's file. Without it the door stays shut; the others are not its victims. */
    static OneTimeRecogniser read(
            Door door, String path, Function<Door, Recogniser> making, Consumer<String> trouble, Runnable rotated)
            throws IOException {
        return new OneTimeRecogniser(
                door, OneTimeFile.read(Path.of(path), OneTimeRecogniser::steps, trouble), making, trouble, rotated);
    }

    /** knockd's notation; a line that tirl's doors cannot express is as good as one that cannot be read. */
    private static Optional<List<Step>> steps(String line) {
        if (!(KnockdSequenceParser.parse("", line) instanceof KnockdSequenceResult.Steps parsed)) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        for (KnockdStep step : parsed.steps()) {
            if (step.port() == 0) {
                return Optional.empty();
            }
            steps.add(step.transport() == Transport.UDP ? new Step.Udp(step.port()) : new Step.Tcp(step.port()));
        }
        return Optional.of(steps);
    }

    private Optional<Recogniser> make() {
        return file.current().map(line -> making.apply(door.withSequence(line.sequence())));
    }

    /** The sequence that counts now, for the capture filter. */
    Door doorNow() {
        return door.withSequence(file.current().map(OneTimeLine::sequence).orElse(List.of()));
    }

    @Override
    public void on(Packet packet, long nowNs, RecognitionSink sink) {
        if (current.isEmpty()) {
            return;
        }
        used = false;
        current.get().on(packet, nowNs, (high, low, recognition) -> {
            if (!(recognition instanceof Recognition.Recognised) || isStruckOut()) {
                sink.accept(high, low, recognition);
            }
        });
        if (used) {
            current = make();
            rotated.run();
        }
    }

    private boolean isStruckOut() {
        used = true;
        try {
            return file.use(file.current().orElseThrow());
        } catch (IOException e) {
            trouble.accept("door " + door.name() + " stays shut: its sequence cannot be struck out: " + e.getMessage());
            return false;
        }
    }

    @Override
    public void expire(long nowNs, RecognitionSink sink) {
        current.ifPresent(recogniser -> recogniser.expire(nowNs, sink));
    }

    @Override
    public int halfDone() {
        return current.map(Recogniser::halfDone).orElse(0);
    }
}

package tirl.daemon.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.daemon.config.Section.Placed;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.Hooks;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Transport;
import tirl.recognise.SequenceRecogniser;

/** Reads the {@code [[door]]} sections. */
final class DoorReader {
    private static final Duration LONGEST_WITHIN = Duration.ofHours(1);
    private static final Duration LONGEST_LEASE = Duration.ofDays(365);

    private final Map<String, Service> services;
    private final Problems problems;
    private final Set<String> names = new HashSet<>();
    private final Map<List<Step>, String> sequences = new HashMap<>();

    DoorReader(Map<String, Service> services, Problems problems) {
        this.services = services;
        this.problems = problems;
    }

    Optional<Door> read(Section section) {
        String name = Names.read(section, problems);
        if (!name.isEmpty() && !names.add(name)) {
            problems.error(section.position("name"), "there is a door \"" + name + "\" already; names are unique");
        }
        Optional<String> oneTimeFile = section.text("one-time");
        if (oneTimeFile.isEmpty()) {
            section.require("sequence");
        } else if (section.has("sequence")) {
            problems.error(section.position("sequence"), "a door has a sequence or a one-time file, not both");
        }
        List<Placed<Step>> steps = section.list("sequence", Notation::step);
        List<Step> sequence = steps.stream().map(Placed::value).toList();
        Duration within = duration(section, "within", Duration.ofSeconds(15), LONGEST_WITHIN);
        Hooks hooks =
                new Hooks(section.text("start"), section.text("stop"), section.text("start6"), section.text("stop6"));
        if (hooks.isNone()) {
            section.require("opens");
        }
        List<Service> opens = section.list("opens", this::service).stream()
                .map(Placed::value)
                .distinct()
                .toList();
        section.require("for");
        Duration lease = duration(section, "for", Duration.ofSeconds(30), LONGEST_LEASE);
        FlagCondition flags = flags(section);
        boolean strict = section.flag("strict", true);
        boolean tolerateRepeat = section.flag("tolerate-repeat", true);
        section.finish();
        if (sequence.size() > Door.MAX_STEPS) {
            problems.error(section.position("sequence"), "a sequence has at most " + Door.MAX_STEPS + " steps");
            return Optional.empty();
        }
        if (name.isEmpty() || (sequence.isEmpty() && oneTimeFile.isEmpty())) {
            return Optional.empty();
        }
        if (!sequence.isEmpty() && steps.size() == section.size("sequence")) {
            advise(section, name, steps, strict);
        }
        return Optional.of(
                new Door(name, sequence, within, opens, lease, flags, strict, tolerateRepeat, hooks, oneTimeFile));
    }

    private Duration duration(Section section, String key, Duration otherwise, Duration most) {
        Duration duration = section.read(key, Notation::duration, otherwise);
        if (duration.compareTo(most) > 0) {
            problems.error(section.position(key), key + " is at most " + Notation.write(most));
            return otherwise;
        }
        return duration;
    }

    private Service service(String name) throws NotationException {
        Service service = services.get(name);
        if (service == null) {
            throw new NotationException("there is no service \"" + name + "\""
                    + Suggestion.of(name, services.keySet().stream().sorted().toList()));
        }
        return service;
    }

    private FlagCondition flags(Section section) {
        if (!section.has("flags")) {
            return FlagCondition.CONNECT;
        }
        FlagCondition flags = FlagCondition.ANY;
        for (Placed<String> word : section.list("flags", text -> text)) {
            Optional<FlagCondition> next = flags.and(word.value());
            if (next.isEmpty()) {
                problems.error(
                        word.position(),
                        "flags: \"" + word.value() + "\" is no flag, or contradicts another; there are "
                                + String.join(", ", FlagCondition.NAMES.keySet()) + ", each also with a ! before it");
            }
            flags = next.orElse(flags);
        }
        return flags;
    }

    /** What works but is weaker than it looks. */
    private void advise(Section section, String name, List<Placed<Step>> steps, boolean strict) {
        List<Step> sequence = steps.stream().map(Placed::value).toList();
        if (sequence.size() == 1) {
            problems.warn(
                    section.position("sequence"),
                    "a sequence of one step opens to every port scan; three or more steps are better");
        } else if (strict && isRun(sequence)) {
            problems.error(
                    section.position("sequence"),
                    "these ports follow one another, so every port scan in order opens the door; mix them");
        } else if (isAscending(sequence)) {
            problems.warn(
                    section.position("sequence"),
                    strict
                            ? "an ascending sequence may be part of a scan of selected ports; a mixed order is better"
                            : "an ascending sequence with strict = false opens to a port scan in order; mix the order");
        }
        for (Placed<Step> step : steps) {
            Optional<ServicePort> port = port(step.value());
            if (port.isPresent()
                    && services.values().stream()
                            .anyMatch(service -> service.ports().contains(port.get()))) {
                problems.warn(
                        step.position(), port.get() + " is a step and guarded by a service: every try of it counts");
            }
        }
        String other = sequences.putIfAbsent(sequence, name);
        if (other != null) {
            problems.warn(section.position("sequence"), "door \"" + other + "\" has the same sequence: both will open");
        }
    }

    /** What works but for repetitions that no sequence needs. */
    void adviseOnAll(List<Door> doors) {
        int prefixes = SequenceRecogniser.prefixesAtOnce(
                doors.stream().filter(door -> door.oneTimeFile().isEmpty()).toList());
        if (prefixes > SequenceRecogniser.MAX_PREFIXES) {
            problems.warn(
                    null,
                    "the sequences repeat themselves or each other so much that one client may be in the middle of "
                            + prefixes
                            + " of them at once; " + SequenceRecogniser.MAX_PREFIXES
                            + " are followed, so a right knock may open nothing; let fewer ports come more than once");
        }
    }

    static Optional<ServicePort> port(Step step) {
        return switch (step) {
            case Step.Tcp tcp -> Optional.of(new ServicePort(Transport.TCP, tcp.port()));
            case Step.Udp udp -> Optional.of(new ServicePort(Transport.UDP, udp.port()));
            case Step.Echo _ -> Optional.empty();
        };
    }

    /** Whether each step is the next port of the same transport: what a scan sends without touching another. */
    static boolean isRun(List<Step> sequence) {
        for (int i = 1; i < sequence.size(); i++) {
            Optional<ServicePort> previous = port(sequence.get(i - 1));
            Optional<ServicePort> next = port(sequence.get(i));
            if (previous.isEmpty()
                    || next.isEmpty()
                    || previous.get().transport() != next.get().transport()
                    || next.get().port() != previous.get().port() + 1) {
                return false;
            }
        }
        return true;
    }

    static boolean isAscending(List<Step> sequence) {
        List<Integer> ports = new ArrayList<>();
        sequence.forEach(step -> port(step).ifPresent(port -> ports.add(port.port())));
        for (int i = 1; i < ports.size(); i++) {
            if (ports.get(i) < ports.get(i - 1)) {
                return false;
            }
        }
        return ports.size() > 1;
    }
}

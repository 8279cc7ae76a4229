package tirl.daemon.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tirl.config.Config;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.daemon.config.Section.Placed;
import tirl.door.BreakGlass;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.door.Step;

/** Reads the section {@code [break-glass]}. */
final class BreakGlassReader {
    private static final Duration SHORTEST_AFTER = Duration.ofSeconds(3);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration LONGEST_LEASE = Duration.ofDays(1);

    private final Map<String, Service> services;
    private final Problems problems;

    BreakGlassReader(Map<String, Service> services, Problems problems) {
        this.services = services;
        this.problems = problems;
    }

    /** @param config the rest of the file */
    Optional<BreakGlass> read(Section section, Config config) {
        section.require("sequence");
        List<Placed<Step>> steps = section.list("sequence", BreakGlassReader::step);
        section.require("opens");
        List<Service> opens = section.list("opens", this::service).stream()
                .map(Placed::value)
                .distinct()
                .toList();
        section.require("for");
        Duration lease = duration(section, "for", Duration.ofMinutes(2), LONGEST_LEASE);
        Duration within = duration(section, "within", Duration.ofSeconds(15), LONGEST);
        Duration after = duration(section, "after", Duration.ofSeconds(30), LONGEST);
        if (after.compareTo(SHORTEST_AFTER) < 0) {
            problems.error(
                    section.position("after"),
                    "after is at least " + Notation.write(SHORTEST_AFTER)
                            + ": a healthy daemon on a busy host may be that late");
        }
        section.finish();
        if (config.doors().stream().anyMatch(door -> door.name().equals(BreakGlass.LABEL))) {
            problems.error(section.position(), "a door is called \"" + BreakGlass.LABEL + "\"; give it another name");
        }
        if (!isUsable(section, steps, config)) {
            return Optional.empty();
        }
        List<Step> sequence = steps.stream().map(Placed::value).toList();
        return Optional.of(new BreakGlass(sequence, opens, lease, within, after));
    }

    private boolean isUsable(Section section, List<Placed<Step>> steps, Config config) {
        Set<Step> distinct = new HashSet<>();
        for (Placed<Step> step : steps) {
            ServicePort port = DoorReader.port(step.value()).orElseThrow();
            if (!distinct.add(step.value())) {
                problems.error(step.position(), port + " comes twice; a break-glass sequence has each step once");
            }
            if (services.values().stream().anyMatch(service -> service.ports().contains(port))) {
                problems.error(step.position(), port + " is guarded by a service and cannot be a step of break-glass");
            }
            if (config.publicPorts().contains(port)) {
                problems.error(step.position(), port + " is public and cannot be a step of break-glass");
            }
        }
        List<Step> sequence = steps.stream().map(Placed::value).toList();
        if (DoorReader.isRun(sequence) && sequence.size() > 1) {
            problems.error(
                    section.position("sequence"),
                    "these ports follow one another, so every port scan in order opens; mix them");
        } else if (DoorReader.isAscending(sequence)) {
            problems.warn(
                    section.position("sequence"),
                    "an ascending sequence may be part of a scan of selected ports; a mixed order is better");
        }
        int count = section.size("sequence");
        if (count > 0 && (count < BreakGlass.MIN_STEPS || count > BreakGlass.MAX_STEPS)) {
            problems.error(
                    section.position("sequence"),
                    "a break-glass sequence has " + BreakGlass.MIN_STEPS + " to " + BreakGlass.MAX_STEPS + " steps");
        }
        return steps.size() == count && !problems.anyError();
    }

    private Duration duration(Section section, String key, Duration otherwise, Duration most) {
        Duration duration = section.read(key, Notation::duration, otherwise);
        if (duration.compareTo(most) > 0) {
            problems.error(section.position(key), key + " is at most " + Notation.write(most));
        }
        return duration;
    }

    private static Step step(String text) throws NotationException {
        Step step = Notation.step(text);
        if (step instanceof Step.Echo) {
            throw new NotationException("\"" + text + "\" is no step of break-glass; write tcp/7000 or udp/8000");
        }
        return step;
    }

    private Service service(String name) throws NotationException {
        Service service = services.get(name);
        if (service == null) {
            throw new NotationException("there is no service \"" + name + "\""
                    + Suggestion.of(name, services.keySet().stream().sorted().toList()));
        }
        return service;
    }
}

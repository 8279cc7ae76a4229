package tirl.daemon;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tirl.config.Notation;
import tirl.door.ServicePort;
import tirl.event.Event;
import tirl.packet.Address;

/** Events as a line for people and as fields for scripts. The words are the same in both. */
final class EventText {
    private EventText() {}

    static String line(Event event) {
        return switch (event) {
            case Event.Advanced(var source, var doors, var stage) -> source + " " + doors(doors) + ": stage " + stage;
            case Event.Rejected(var source, var doors, var stage, var why) ->
                source + " " + doors(doors) + ": rejected at stage " + stage + ": " + why;
            case Event.Opened(var id, var source, var door, var ports, var left) ->
                source + " " + door + ": opened " + ports(ports) + " for " + about(left) + " (lease " + id + ")";
            case Event.Extended(var id, var source, var door, var ports, var left) ->
                source + " " + door + ": extended " + ports(ports) + " to " + about(left) + " (lease " + id + ")";
            case Event.Denied(var source, var door, var why) -> source + " " + door + ": denied: " + why;
            case Event.Expired(var id, var source, var door, var ports) ->
                source + " " + door + ": expired " + ports(ports) + " (lease " + id + ")";
            case Event.Revoked(var id, var source, var door, var ports) ->
                source + " " + door + ": revoked " + ports(ports) + " (lease " + id + ")";
            case Event.Cut(var id, var source, var door, var ports, var connections) ->
                source + " " + door + ": cut " + connections + (connections == 1 ? " connection" : " connections")
                        + " to " + ports(ports) + " (lease " + id + ")";
            case Event.NotCut(var id, var source, var door, var ports, var why) ->
                source + " " + door + ": connections to " + ports(ports) + " may go on (lease " + id + "): " + why;
            case Event.Enrolled(var source, var door) -> source + " " + door + ": enrolled, the invitation is used";
            case Event.Rekeyed(var source, var door) -> source + " " + door + ": has a new key";
        };
    }

    static Map<String, Object> fields(Event event) {
        return switch (event) {
            case Event.Advanced(var source, var doors, var stage) -> progress("advanced", source, doors, stage);
            case Event.Rejected(var source, var doors, var stage, var why) ->
                with(progress("rejected", source, doors, stage), "why", why);
            case Event.Opened(var id, var source, var door, var ports, var left) ->
                with(lease("opened", id, source, door, ports), "left", seconds(left));
            case Event.Extended(var id, var source, var door, var ports, var left) ->
                with(lease("extended", id, source, door, ports), "left", seconds(left));
            case Event.Denied(var source, var door, var why) -> with(head("denied", source, door), "why", why);
            case Event.Expired(var id, var source, var door, var ports) -> lease("expired", id, source, door, ports);
            case Event.Revoked(var id, var source, var door, var ports) -> lease("revoked", id, source, door, ports);
            case Event.Cut(var id, var source, var door, var ports, var connections) ->
                with(lease("cut", id, source, door, ports), "connections", connections);
            case Event.NotCut(var id, var source, var door, var ports, var why) ->
                with(lease("not-cut", id, source, door, ports), "why", why);
            case Event.Enrolled(var source, var door) -> head("enrolled", source, door);
            case Event.Rekeyed(var source, var door) -> head("rekeyed", source, door);
        };
    }

    static List<String> portNames(List<ServicePort> ports) {
        return ports.stream().map(ServicePort::toString).toList();
    }

    /** Seconds with the fraction. */
    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Map<String, Object> head(String event, Address source, String door) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", event);
        fields.put("source", source.toString());
        fields.put("door", door);
        return fields;
    }

    private static Map<String, Object> progress(String event, Address source, List<String> doors, int stage) {
        return with(with(head(event, source, doors(doors)), "doors", doors), "stage", stage);
    }

    private static Map<String, Object> lease(
            String event, long id, Address source, String door, List<ServicePort> ports) {
        return with(with(head(event, source, door), "lease", id), "ports", portNames(ports));
    }

    private static Map<String, Object> with(Map<String, Object> fields, String key, Object value) {
        fields.put(key, value);
        return fields;
    }

    /** Doors that share a beginning are named together. A thousand of them are not all named. */
    private static String doors(List<String> doors) {
        int shown = 3;
        String names = doors.stream().limit(shown).collect(Collectors.joining(","));
        return doors.size() > shown ? names + " and " + (doors.size() - shown) + " more" : names;
    }

    private static String ports(List<ServicePort> ports) {
        return ports.stream().map(ServicePort::toString).collect(Collectors.joining(", "));
    }

    private static String about(Duration left) {
        return Notation.write(Duration.ofSeconds(Math.max(1, Math.round(left.toMillis() / 1000.0))));
    }
}

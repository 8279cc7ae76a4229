package tirl.event;

import java.time.Duration;
import java.util.List;
import tirl.door.ServicePort;
import tirl.packet.Address;

/** Something that a person watching the door would want to know. */
public sealed interface Event {

    /** A knock was right and more are to come. */
    record Advanced(Address source, List<String> doors, int stage) implements Event {}

    /** A half-done sequence ended. */
    record Rejected(Address source, List<String> doors, int stage, String why) implements Event {}

    /** A port opened. The door is the name of the door or of who granted it. */
    record Opened(long lease, Address source, String door, List<ServicePort> ports, Duration left) implements Event {}

    /** A live lease was given more time. */
    record Extended(long lease, Address source, String door, List<ServicePort> ports, Duration left) implements Event {}

    /** The knock was right but nothing opened. */
    record Denied(Address source, String door, String why) implements Event {}

    /** A lease came to its end. */
    record Expired(long lease, Address source, String door, List<ServicePort> ports) implements Event {}

    /** A lease was taken back before its end. */
    record Revoked(long lease, Address source, String door, List<ServicePort> ports) implements Event {}

    /** Live connections ended with their lease; at least one. */
    record Cut(long lease, Address source, String door, List<ServicePort> ports, int connections) implements Event {}

    /** Connections that were to end with their lease may go on. */
    record NotCut(long lease, Address source, String door, List<ServicePort> ports, String why) implements Event {}

    /** An invitation to SPA was used: the device of that name knocks with its own key from now on. */
    record Enrolled(Address source, String door) implements Event {}

    /** A device that knocks by SPA has another key. */
    record Rekeyed(Address source, String door) implements Event {}
}

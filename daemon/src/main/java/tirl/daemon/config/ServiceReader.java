package tirl.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tirl.config.Notation;
import tirl.daemon.config.Section.Placed;
import tirl.door.Forward;
import tirl.door.Service;
import tirl.door.ServicePort;

/** Reads the {@code [[service]]} sections. */
final class ServiceReader {
    private final Map<String, Service> services;
    private final Problems problems;

    /** @param services where they go, by their names */
    ServiceReader(Map<String, Service> services, Problems problems) {
        this.services = services;
        this.problems = problems;
    }

    void read(Section section) {
        String name = Names.read(section, problems);
        section.require("ports");
        List<Placed<ServicePort>> placed = section.list("ports", Notation::port);
        List<ServicePort> ports = placed.stream().map(Placed::value).distinct().toList();
        boolean cut = section.flag("cut", false);
        List<Forward> forwards = forwards(section);
        boolean masquerade = section.flag("masquerade", false);
        section.finish();
        if (masquerade && !section.has("forward")) {
            problems.error(section.position("masquerade"), "masquerade is for a service with \"forward\"");
        }
        if (section.has("forward") && ports.size() > 1) {
            problems.error(
                    section.position("ports"),
                    "a service with \"forward\" has one port; write a [[service]] for each port");
            return;
        }
        placed.forEach(port -> refuseTwoWays(section, port));
        if (name.isEmpty() || ports.isEmpty()) {
            return;
        }
        if (services.putIfAbsent(name, new Service(name, ports, cut, forwards, masquerade)) != null) {
            problems.error(section.position("name"), "there is a service \"" + name + "\" already; names are unique");
        }
    }

    private List<Forward> forwards(Section section) {
        if (section.has("forward")) {
            section.require("forward"); // not an empty list
        }
        List<Forward> forwards = new ArrayList<>();
        for (Placed<Forward> one : section.oneOrMore("forward", Notation::forward)) {
            boolean ipv4 = one.value().target().isIpv4();
            if (forwards.stream().anyMatch(other -> other.target().isIpv4() == ipv4)) {
                problems.error(
                        one.position(), "forward has two targets for " + (ipv4 ? "IPv4" : "IPv6") + "; take one away");
            } else {
                forwards.add(one.value());
            }
        }
        return forwards;
    }

    /** A packet goes one way: a port that is forwarded belongs to one service. */
    private void refuseTwoWays(Section section, Placed<ServicePort> port) {
        for (Service other : services.values()) {
            if (other.ports().contains(port.value())
                    && (section.has("forward") || !other.forwards().isEmpty())) {
                problems.error(
                        port.position(),
                        port.value() + " belongs to service \"" + other.name()
                                + "\" too; a port that is forwarded has one service");
            }
        }
    }
}

package tirl.importer;

import java.util.Collection;
import java.util.List;
import tirl.door.ServicePort;

/** A service for each port that a configuration of another program opens. */
final class PortServices {
    private PortServices() {}

    static String name(ServicePort port) {
        return port.toString().equals("tcp/22") ? "ssh" : port.toString().replace('/', '-');
    }

    /** Their names, as a list in TOML. */
    static String names(Collection<ServicePort> ports) {
        return Toml.list(ports.stream().sorted().map(PortServices::name).toList());
    }

    /** The sections that guard them. */
    static String toml(Collection<ServicePort> ports) {
        StringBuilder text = new StringBuilder();
        for (ServicePort port : ports) {
            text.append("\n[[service]]\nname = ").append(Toml.string(name(port)));
            text.append("\nports = ")
                    .append(Toml.list(List.of(port.toString())))
                    .append('\n');
        }
        return text.toString();
    }
}

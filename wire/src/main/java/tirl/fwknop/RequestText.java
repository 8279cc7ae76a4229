package tirl.fwknop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import tirl.packet.Address;
import tirl.packet.Transport;

/** How requests and NAT targets are written inside their fields (section 2.2). */
final class RequestText {
    private static final int LONGEST_HOST = 70;
    private static final int LONGEST_PORT = 5;
    private static final String NOT_IN_HOST = "/?\"'\\ ";

    private RequestText() {}

    static String write(SpaRequest request) {
        return request.allow() + ","
                + switch (request) {
                    case SpaRequest.Command command -> command.text();
                    case SpaRequest.Access access ->
                        access.ports().stream().map(RequestedPort::toString).collect(Collectors.joining(","));
                };
    }

    static Optional<SpaRequest> readCommand(String message) {
        int comma = message.indexOf(',');
        if (comma < 0 || comma == message.length() - 1) {
            return Optional.empty();
        }
        return address(message.substring(0, comma))
                .map(allow -> new SpaRequest.Command(allow, message.substring(comma + 1)));
    }

    static Optional<SpaRequest> readAccess(String message, Optional<NatTarget> target, OptionalInt timeout) {
        String[] parts = message.split(",", -1);
        Optional<Address> allow = address(parts[0]);
        List<RequestedPort> ports = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            Optional<RequestedPort> port = port(parts[i]);
            if (port.isEmpty()) {
                return Optional.empty();
            }
            ports.add(port.get());
        }
        return ports.isEmpty()
                ? Optional.empty()
                : allow.map(address -> new SpaRequest.Access(address, ports, target, timeout));
    }

    static Optional<NatTarget> readTarget(String text, boolean local) {
        int comma = text.indexOf(',');
        String host = comma < 0 ? "" : text.substring(0, comma);
        OptionalInt port = comma < 0 ? OptionalInt.empty() : portNumber(text.substring(comma + 1));
        if (host.isEmpty() || host.length() > LONGEST_HOST || port.isEmpty()) {
            return Optional.empty();
        }
        return host.chars().anyMatch(c -> NOT_IN_HOST.indexOf(c) >= 0)
                ? Optional.empty()
                : Optional.of(new NatTarget(host, port.getAsInt(), local));
    }

    /** Only as we would write it: 010.0.0.1 is one address to some readers and another one to others. */
    private static Optional<Address> address(String text) {
        return Address.parse(text).filter(address -> address.toString().equals(text));
    }

    private static Optional<RequestedPort> port(String text) {
        Transport transport = text.startsWith("tcp/") ? Transport.TCP : Transport.UDP;
        if (transport == Transport.UDP && !text.startsWith("udp/")) {
            return Optional.empty();
        }
        OptionalInt port = portNumber(text.substring("tcp/".length()));
        return port.isPresent() ? Optional.of(new RequestedPort(transport, port.getAsInt())) : Optional.empty();
    }

    private static OptionalInt portNumber(String text) {
        return text.length() > LONGEST_PORT ? OptionalInt.empty() : number(text, 1, 65_535);
    }

    static OptionalInt number(String text, int least, int most) {
        if (!isNumber(text, 9)) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(text);
        return number >= least && number <= most ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** Decimal digits, at least one. */
    static boolean isNumber(String text, int longest) {
        return !text.isEmpty() && text.length() <= longest && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}

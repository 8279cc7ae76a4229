package tirl.client.fwknop;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.fwknop.NatTarget;
import tirl.fwknop.RequestedPort;
import tirl.fwknop.SpaRequest;
import tirl.packet.Address;
import tirl.packet.Transport;

/** What a packet asks for, from the variables. */
final class Requests {
    /** What fwknop takes random ports from. */
    static final int FIRST_RANDOM_PORT = 10_000;

    static final int PORTS = 65_536;
    private static final int LONGEST_TIMEOUT = 65_536;
    private static final Pattern PORT = Pattern.compile("(tcp|udp)/(\\d{1,5})");
    private static final Pattern TARGET = Pattern.compile("([^,:]+)(?:[,:](\\d{1,5}))?");

    private Requests() {}

    static SpaRequest access(Values values, Address allow, RandomGenerator random) throws FwknopException {
        List<RequestedPort> ports = ports(values.get(Variable.ACCESS)
                .orElseThrow(() -> new FwknopException("say what to open, such as -A tcp/22, or a command, -C")));
        Optional<NatTarget> target = target(values, ports.getFirst());
        if (target.isEmpty()) {
            if (values.get(Variable.NAT_PORT).isPresent() || values.isYes(Variable.NAT_RAND_PORT)) {
                throw new FwknopException("--nat-port and --nat-rand-port need --nat-access or --nat-local");
            }
        } else if (ports.size() > 1) {
            throw new FwknopException("NAT leads one port to one place; name one port with -A");
        } else {
            ports = List.of(outside(values, ports.getFirst(), random));
        }
        return new SpaRequest.Access(allow, ports, target, timeout(values));
    }

    private static List<RequestedPort> ports(String list) throws FwknopException {
        List<RequestedPort> ports = new ArrayList<>();
        for (String word : list.split(",", -1)) {
            Matcher matcher = PORT.matcher(word);
            if (!matcher.matches()) {
                throw new FwknopException("\"" + word + "\" is no port to open; write tcp/22 or tcp/22,udp/53");
            }
            Transport transport = matcher.group(1).equals("tcp") ? Transport.TCP : Transport.UDP;
            ports.add(new RequestedPort(transport, port("-A", matcher.group(2))));
        }
        return ports;
    }

    /** The port of -A is the one inside, unless the target names one. */
    private static Optional<NatTarget> target(Values values, RequestedPort asked) throws FwknopException {
        boolean local = values.isYes(Variable.NAT_LOCAL);
        Optional<String> access = values.get(Variable.NAT_ACCESS);
        if (access.isEmpty()) {
            return local ? Optional.of(new NatTarget(server(values), asked.port(), true)) : Optional.empty();
        }
        Matcher matcher = TARGET.matcher(access.get());
        if (!matcher.matches()) {
            throw new FwknopException("\"" + access.get() + "\" is nowhere for NAT to lead to; write HOST:PORT");
        }
        int port = matcher.group(2) == null ? asked.port() : port("--nat-access", matcher.group(2));
        return Optional.of(new NatTarget(matcher.group(1), port, local));
    }

    private static RequestedPort outside(Values values, RequestedPort asked, RandomGenerator random)
            throws FwknopException {
        if (values.isYes(Variable.NAT_RAND_PORT)) {
            return new RequestedPort(asked.transport(), random.nextInt(FIRST_RANDOM_PORT, PORTS));
        }
        Optional<String> port = values.get(Variable.NAT_PORT);
        return port.isEmpty() ? asked : new RequestedPort(asked.transport(), port("--nat-port", port.get()));
    }

    private static OptionalInt timeout(Values values) throws FwknopException {
        Optional<String> text = values.get(Variable.FW_TIMEOUT);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        int seconds = number("--fw-timeout", text.get(), 0, LONGEST_TIMEOUT);
        return seconds == 0 ? OptionalInt.empty() : OptionalInt.of(seconds);
    }

    static String server(Values values) throws FwknopException {
        return values.get(Variable.SPA_SERVER).orElseThrow(() -> new FwknopException("name the server: -D HOST"));
    }

    static int port(String option, String text) throws FwknopException {
        return number(option, text, 1, PORTS - 1);
    }

    static int number(String option, String text, int least, int most) throws FwknopException {
        boolean digits = text.length() <= 9 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(text) : -1;
        if (number < least || number > most) {
            throw new FwknopException(option + " takes a number from " + least + " to " + most + ", not " + text);
        }
        return number;
    }
}

package tirl.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.door.ServicePort;
import tirl.packet.Transport;

/**
 * A list of ports of fwknop 1.9: OPEN_PORTS or SHARED_SEQUENCE.
 *
 * @param steps as tirl writes them
 * @param icmp whether ICMP is among them
 * @param unread entries that 1.9 skips without a word
 */
record LegacyPorts(List<String> steps, boolean icmp, List<String> unread) {
    /** 1.9 looks for these anywhere in an entry. */
    private static final Pattern PORT = Pattern.compile("(tcp|udp)/(\\d{1,5})", Pattern.CASE_INSENSITIVE);

    LegacyPorts {
        steps = List.copyOf(steps);
        unread = List.copyOf(unread);
    }

    static LegacyPorts of(String value) {
        List<String> steps = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        boolean icmp = false;
        for (String entry : value.strip().split("\\s*,\\s*", -1)) {
            Matcher matcher = PORT.matcher(entry);
            if (matcher.find() && isPort(matcher.group(2))) {
                steps.add((matcher.group(1).equalsIgnoreCase("tcp") ? "tcp/" : "udp/")
                        + Integer.parseInt(matcher.group(2)));
            } else if (entry.contains("icmp")) {
                steps.add("icmp/echo");
                icmp = true;
            } else if (!entry.isEmpty()) {
                unread.add(entry);
            }
        }
        return new LegacyPorts(steps, icmp, unread);
    }

    private static boolean isPort(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port < 65_536;
    }

    /** Without ICMP, which has no ports. */
    NavigableSet<ServicePort> services() {
        NavigableSet<ServicePort> ports = new TreeSet<>();
        for (String step : steps) {
            if (!step.startsWith("icmp")) {
                ports.add(port(step));
            }
        }
        return ports;
    }

    /** Whether a port scan in order sends them one after the other. */
    boolean isRun() {
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i).startsWith("icmp") || steps.get(i - 1).startsWith("icmp")) {
                return false;
            }
            ServicePort before = port(steps.get(i - 1));
            ServicePort after = port(steps.get(i));
            if (before.transport() != after.transport() || after.port() != before.port() + 1) {
                return false;
            }
        }
        return true;
    }

    private static ServicePort port(String step) {
        return new ServicePort(
                step.startsWith("tcp") ? Transport.TCP : Transport.UDP,
                Integer.parseInt(step.substring("tcp/".length())));
    }
}

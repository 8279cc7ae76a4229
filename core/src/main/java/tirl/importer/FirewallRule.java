package tirl.importer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tirl.door.ServicePort;
import tirl.packet.Transport;

/**
 * What a usual firewall command does for the source of a knock.
 *
 * @param adds whether it lets the source in; otherwise it takes such a rule away
 */
record FirewallRule(boolean adds, Set<ServicePort> ports) {
    /** A shell would make more of these than one plain command. */
    private static final String SHELL = ";|&<>`$(){}\"'\\*?!~#";

    private static final String SOURCE = "%IP%";

    FirewallRule {
        ports = Set.copyOf(ports);
    }

    /** Empty for everything that is not exactly understood, narrower rules included. */
    static Optional<FirewallRule> parse(String command) {
        if (command.chars().anyMatch(c -> SHELL.indexOf(c) >= 0)) {
            return Optional.empty();
        }
        Deque<String> words = new ArrayDeque<>(Arrays.asList(command.strip().split("\\s+", -1)));
        String program = words.pop();
        return switch (program.substring(program.lastIndexOf('/') + 1)) {
            case "iptables", "iptables-nft", "iptables-legacy", "ip6tables", "ip6tables-nft", "ip6tables-legacy" ->
                iptables(words);
            case "ufw" -> ufw(words);
            case "nft" -> nft(words);
            case String _ -> Optional.empty();
        };
    }

    private static Optional<FirewallRule> iptables(Deque<String> words) {
        Draft draft = new Draft();
        while (!words.isEmpty()) {
            String option = words.pop();
            String value = words.isEmpty() || option.equals("-w") || option.equals("--wait") ? "" : words.pop();
            boolean understood = switch (option) {
                case "-w", "--wait" -> skipNumber(words);
                case "-A", "--append" -> draft.action(true, value);
                case "-I", "--insert" -> draft.action(true, value) && skipNumber(words);
                case "-D", "--delete" -> draft.action(false, value);
                case "-s", "--source", "--src" -> draft.source(value);
                case "-p", "--protocol", "--proto" -> draft.protocol(value);
                case "--dport", "--destination-port", "--dports", "--destination-ports" -> draft.ports(value);
                case "-m", "--match" ->
                    Set.of("tcp", "udp", "state", "conntrack", "multiport", "comment")
                            .contains(value);
                case "--state", "--ctstate" ->
                    Arrays.asList(value.split(",", -1)).contains("NEW");
                case "--comment" -> !value.isEmpty();
                case "-j", "--jump" -> draft.accept(value.equals("ACCEPT"));
                case String _ -> false;
            };
            if (!understood) {
                return Optional.empty();
            }
        }
        return draft.rule();
    }

    private static boolean skipNumber(Deque<String> words) {
        if (!words.isEmpty() && words.peek().matches("\\d{1,9}")) {
            words.pop();
        }
        return true;
    }

    /** ufw [--force] [delete] [insert N] allow from %IP% to any port N [proto tcp]; without proto for both. */
    private static Optional<FirewallRule> ufw(Deque<String> words) {
        String line = String.join(" ", words);
        String plain = line.replaceFirst("^--force ", "");
        boolean adds = !plain.startsWith("delete ");
        plain = plain.replaceFirst("^(delete|insert \\d{1,5}) ", "");
        // The order in which ufw prints and takes "proto" varies.
        plain = plain.replaceFirst("^allow proto (tcp|udp) from (.*)$", "allow from $2 proto $1");
        List<String> parts = Arrays.asList(plain.split(" ", -1));
        if (parts.size() < 7 || !parts.subList(0, 6).equals(List.of("allow", "from", SOURCE, "to", "any", "port"))) {
            return Optional.empty();
        }
        Draft draft = new Draft();
        draft.action(adds, "INPUT");
        draft.source(SOURCE);
        draft.accept(true);
        boolean understood = draft.ports(parts.get(6));
        List<String> rest = parts.subList(7, parts.size());
        if (rest.size() == 2 && rest.getFirst().equals("proto")) {
            understood &= draft.protocol(rest.get(1));
        } else {
            understood &= rest.isEmpty() && draft.protocol("tcp") && draft.protocol("udp");
        }
        return understood ? draft.rule() : Optional.empty();
    }

    /** nft add|insert rule FAMILY TABLE CHAIN ip|ip6 saddr %IP% tcp|udp dport N [counter] accept. */
    private static Optional<FirewallRule> nft(Deque<String> words) {
        List<String> parts = new ArrayList<>(words);
        parts.remove("counter");
        if (parts.size() != 12
                || !Set.of("add", "insert").contains(parts.get(0))
                || !parts.get(1).equals("rule")
                || !parts.get(4).equalsIgnoreCase("input")
                || !Set.of("ip", "ip6").contains(parts.get(5))
                || !parts.get(6).equals("saddr")
                || !parts.get(9).equals("dport")
                || !parts.get(11).equals("accept")) {
            return Optional.empty();
        }
        Draft draft = new Draft();
        draft.action(true, "INPUT");
        boolean understood = draft.source(parts.get(7)) && draft.protocol(parts.get(8)) && draft.ports(parts.get(10));
        draft.accept(true);
        return understood ? draft.rule() : Optional.empty();
    }

    /** The parts as they are found; each method says whether it understood. */
    private static final class Draft {
        private final List<Transport> transports = new ArrayList<>();
        private final Set<Integer> numbers = new TreeSet<>();
        private Optional<Boolean> adds = Optional.empty();
        private boolean source;
        private boolean accepts;

        boolean action(boolean isAdding, String chain) {
            adds = Optional.of(isAdding);
            return chain.equals("INPUT");
        }

        boolean source(String text) {
            source = text.equals(SOURCE) || text.equals(SOURCE + "/32") || text.equals(SOURCE + "/128");
            return source;
        }

        boolean protocol(String text) {
            switch (text) {
                case "tcp" -> transports.add(Transport.TCP);
                case "udp" -> transports.add(Transport.UDP);
                default -> {
                    return false;
                }
            }
            return true;
        }

        boolean ports(String text) {
            for (String port : text.split(",", -1)) {
                if (!port.matches("\\d{1,5}") || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
                    return false;
                }
                numbers.add(Integer.parseInt(port));
            }
            return true;
        }

        boolean accept(boolean isAccepting) {
            accepts = isAccepting;
            return isAccepting;
        }

        Optional<FirewallRule> rule() {
            if (!source || !accepts || adds.isEmpty() || transports.isEmpty() || numbers.isEmpty()) {
                return Optional.empty();
            }
            Set<ServicePort> ports = new TreeSet<>();
            transports.forEach(transport -> numbers.forEach(number -> ports.add(new ServicePort(transport, number))));
            return Optional.of(new FirewallRule(adds.get(), ports));
        }
    }
}

package tirl.ruleset;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.door.ServicePort;
import tirl.packet.Transport;

/**
 * The marks of join mode: an {@code accept} of ours overrules no drop of a foreign firewall, so everything that the door
 * lets pass, whatever the reason, carries a bit that the foreign firewall accepts.
 */
public record JoinMarks(int mark) {
    private static final Pattern LET_PASS =
            Pattern.compile("(?m)^(add rule inet tirl (?:door|leased) (?:.* )?)accept$");

    private static final String FIRST_RULE = "add rule inet tirl guard ";

    /** Nothing outside of join mode. */
    static Optional<JoinMarks> of(Config config) {
        return config.firewall() == FirewallMode.JOIN ? Optional.of(new JoinMarks(config.mark())) : Optional.empty();
    }

    /** The text of a ruleset with the marks in it. */
    String into(String text, Collection<ServicePort> guarded, boolean nat) {
        String marked = LET_PASS.matcher(text).replaceAll("$1" + set() + " accept")
                + answers(guarded)
                + (nat ? LeaseNat.marks(set()) : "");
        int guard = marked.indexOf(FIRST_RULE);
        return marked.substring(0, guard) + taken() + marked.substring(guard);
    }

    /** Nobody but the door may say that a packet is leased: IPsec hands the mark of what carried it on to what was in it. */
    private String taken() {
        String hex = Integer.toHexString(mark);
        return FIRST_RULE + "meta mark and 0x" + hex + " == 0x" + hex + " meta mark set meta mark and 0x"
                + Integer.toHexString(~mark) + "\n";
    }

    private String set() {
        return "meta mark set meta mark or 0x" + Integer.toHexString(mark);
    }

    /** What a machine behind this host answers passes its {@code forward} chains too, and is to no guarded port. */
    private String answers(Collection<ServicePort> guarded) {
        Map<Transport, String> ports = guarded.stream()
                .collect(Collectors.groupingBy(
                        ServicePort::transport,
                        TreeMap::new,
                        Collectors.mapping(port -> Integer.toString(port.port()), Collectors.joining(", "))));
        StringBuilder rules = new StringBuilder();
        ports.forEach((transport, numbers) -> rules.append(
                        "add rule inet tirl guard ct direction reply ct status dnat " + "meta l4proto ")
                .append(transport.name().toLowerCase(Locale.ROOT))
                .append(" ct original proto-dst { ")
                .append(numbers)
                .append(" } ")
                .append(set())
                .append('\n'));
        return rules.toString();
    }
}

package tirl.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.packet.Transport;

/**
 * One knock to send, written as knockd's client writes it: {@code 7000}, {@code 7000:udp}, {@code 64:icmp}.
 *
 * @param number the port, or for ICMP the payload size
 */
public record Knock(Transport transport, int number) {
    private static final Pattern NOTATION = Pattern.compile("(\\d{1,5})(?::(tcp|udp|icmp))?");
    private static final int MAX_ECHO_PAYLOAD = 65_507;

    /**
     * Reads one knock.
     *
     * @throws IllegalArgumentException when it is not one; the message says what would be right
     */
    public static Knock parse(String text) {
        Matcher matcher = NOTATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no knock; write 7000, 7000:udp or 64:icmp");
        }
        int number = Integer.parseInt(matcher.group(1));
        Transport transport = switch (matcher.group(2)) {
            case "udp" -> Transport.UDP;
            case "icmp" -> Transport.ICMP;
            case null, default -> Transport.TCP;
        };
        if (transport == Transport.ICMP && number > MAX_ECHO_PAYLOAD) {
            throw new IllegalArgumentException(
                    "an echo carries at most " + MAX_ECHO_PAYLOAD + " octets, not " + number);
        }
        if (transport != Transport.ICMP && (number < 1 || number > 65535)) {
            throw new IllegalArgumentException("there is no port " + number + "; ports go from 1 to 65535");
        }
        return new Knock(transport, number);
    }

    @Override
    public String toString() {
        return switch (transport) {
            case TCP -> "tcp/" + number;
            case UDP -> "udp/" + number;
            case ICMP -> "icmp/echo:" + number;
        };
    }
}

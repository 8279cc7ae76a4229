package tirl.client;

import java.util.regex.Pattern;
import tirl.packet.Transport;

/**
 * One knock to send, written as knockd's client writes it, {@code 7000}, {@code 7000:udp}, {@code ssh}, or, beyond that,
 * {@code 64:icmp}.
 *
 * @param number the port, or for ICMP the payload size
 */
public record Knock(Transport transport, int number) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");
    private static final int MAX_ECHO_PAYLOAD = 65_507;

    /**
     * Reads one knock. As with knockd's client, whatever follows the colon and is no protocol means TCP.
     *
     * @param allUdp every port is UDP, whatever is written after it
     * @throws IllegalArgumentException when it is not one; the message says what would be right
     */
    public static Knock parse(String text, boolean allUdp, ServiceNames names) {
        String[] parts = text.split(":", 2);
        String word = parts.length > 1 ? parts[1] : "";
        Transport transport =
                allUdp || word.equals("udp") ? Transport.UDP : word.equals("icmp") ? Transport.ICMP : Transport.TCP;
        int number = NUMBER.matcher(parts[0]).matches()
                ? Integer.parseInt(parts[0])
                : named(text, parts[0], transport, names);
        if (transport == Transport.ICMP && number > MAX_ECHO_PAYLOAD) {
            throw new IllegalArgumentException(
                    "an echo carries at most " + MAX_ECHO_PAYLOAD + " octets, not " + number);
        }
        if (transport != Transport.ICMP && (number < 1 || number > 65535)) {
            throw new IllegalArgumentException("there is no port " + number + "; ports go from 1 to 65535");
        }
        return new Knock(transport, number);
    }

    private static int named(String text, String name, Transport transport, ServiceNames names) {
        return names.port(name, transport)
                .orElseThrow(() -> new IllegalArgumentException(
                        "\"" + text + "\" is no knock; write 7000, 7000:udp, 64:icmp or the name of a service"));
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

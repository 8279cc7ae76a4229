package tirl.fwknop.access;

import java.util.Locale;
import java.util.Optional;
import tirl.door.ServicePort;
import tirl.packet.Transport;

/** How fwknopd reads values. */
final class Values {
    private static final int MOST_DIGITS = 15;

    private Values() {}

    /** Everything that begins with y is yes. */
    static boolean flag(String text) {
        return text.startsWith("Y") || text.startsWith("y");
    }

    static boolean isPlainFlag(String text) {
        return text.equalsIgnoreCase("Y") || text.equalsIgnoreCase("N");
    }

    /** The number that a value begins with, as C's {@code strtol} gives it, 0 for none. */
    static long number(String text) {
        int end = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int first = end;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        if (end == first) {
            return 0;
        }
        String digits = text.substring(first, Math.min(end, first + MOST_DIGITS));
        long number = Long.parseLong(digits);
        return text.charAt(0) == '-' ? -number : number;
    }

    static boolean isPlainNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** {@code tcp/22}, in any case; what follows the digits is not looked at. Empty when fwknopd refuses it. */
    static Optional<ServicePort> port(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        Transport transport = lower.startsWith("tcp/") ? Transport.TCP : Transport.UDP;
        if (transport == Transport.UDP && !lower.startsWith("udp/")) {
            return Optional.empty();
        }
        long port = number(lower.substring("tcp/".length()));
        return port < 1 || port > 65_535 ? Optional.empty() : Optional.of(new ServicePort(transport, (int) port));
    }
}

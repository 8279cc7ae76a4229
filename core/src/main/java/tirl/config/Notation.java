package tirl.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.door.Forward;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Address;
import tirl.packet.Transport;

/** How durations, ports and steps are written, in the configuration file and on the command line alike. */
public final class Notation {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern PORT = Pattern.compile("(tcp|udp)/(\\d{1,5})");
    private static final Pattern ECHO = Pattern.compile("icmp/(echo|echo-reply)(?::(\\d{1,5}))?");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");
    private static final Pattern FORWARD = Pattern.compile("(?:\\[([^]]+)]|([^:\\[\\]]+)):(\\d{1,5})");
    /** 65,535 octets of IPv4 packet less 20 of IP and 8 of ICMP header. */
    private static final int MAX_ECHO_PAYLOAD = 65_507;

    private Notation() {}

    /** {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h} or {@code 1d}; more than zero. */
    public static Duration duration(String text) throws NotationException {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new NotationException("\"" + text + "\" is no duration; write 500ms, 30s, 5m, 2h or 1d");
        }
        long number = Long.parseLong(matcher.group(1));
        Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case String _ -> Duration.ofDays(number);
        };
        if (!duration.isPositive()) {
            throw new NotationException("\"" + text + "\" is no time at all; write a duration above zero");
        }
        return duration;
    }

    /** The shortest notation that {@link #duration} reads back as the same, in whole milliseconds. */
    public static String write(Duration duration) {
        long millis = duration.toMillis();
        String[] units = {"d", "h", "m", "s"};
        long[] sizes = {86_400_000, 3_600_000, 60_000, 1_000};
        for (int i = 0; i < units.length; i++) {
            if (millis >= sizes[i] && millis % sizes[i] == 0) {
                return millis / sizes[i] + units[i];
            }
        }
        return millis + "ms";
    }

    /** {@code tcp/22} or {@code udp/53}. */
    public static ServicePort port(String text) throws NotationException {
        Matcher matcher = PORT.matcher(text);
        if (!matcher.matches()) {
            throw new NotationException("\"" + text + "\" is no port; write tcp/22 or udp/53");
        }
        Transport transport = matcher.group(1).equals("tcp") ? Transport.TCP : Transport.UDP;
        return new ServicePort(transport, number(matcher.group(2)));
    }

    /** {@code tcp/7000}, {@code udp/8000}, {@code icmp/echo} or, with a payload size, {@code icmp/echo:64}. */
    public static Step step(String text) throws NotationException {
        Matcher echo = ECHO.matcher(text);
        if (echo.matches()) {
            boolean reply = echo.group(1).equals("echo-reply");
            String size = echo.group(2);
            if (size != null && Integer.parseInt(size) > MAX_ECHO_PAYLOAD) {
                throw new NotationException("an echo carries at most " + MAX_ECHO_PAYLOAD + " octets, not " + size);
            }
            return new Step.Echo(reply, size == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(size)));
        }
        if (!PORT.matcher(text).matches()) {
            throw new NotationException(
                    "\"" + text + "\" is no step; write tcp/7000, udp/8000, icmp/echo or icmp/echo:64");
        }
        ServicePort port = port(text);
        return port.transport() == Transport.TCP ? new Step.Tcp(port.port()) : new Step.Udp(port.port());
    }

    /** {@code 10.0.0.5:443} or {@code [fd00::5]:443}: an address that packets from outside can be sent on to. */
    public static Forward forward(String text) throws NotationException {
        Matcher matcher = FORWARD.matcher(text);
        boolean bracketed = text.startsWith("[");
        Optional<Address> target =
                matcher.matches() ? Address.parse(bracketed ? matcher.group(1) : matcher.group(2)) : Optional.empty();
        if (target.isEmpty() || target.get().isIpv4() == bracketed) {
            throw new NotationException("\"" + text + "\" is no target; write 10.0.0.5:443 or [fd00::5]:443");
        }
        Address address = target.get();
        if (address.isUnspecified() || address.isMulticast() || address.isLoopback() || address.isLinkLocal()) {
            throw new NotationException(
                    address + " is no address of a machine behind this host; packets cannot be sent on to it");
        }
        return new Forward(address, number(matcher.group(3)));
    }

    /** {@code 1-65535}, or one port. */
    public static Config.PortRange range(String text) throws NotationException {
        Matcher matcher = RANGE.matcher(text);
        if (!matcher.matches()) {
            throw new NotationException("\"" + text + "\" is no range of ports; write 1-65535");
        }
        int first = number(matcher.group(1));
        int last = matcher.group(2) == null ? first : number(matcher.group(2));
        if (first > last) {
            throw new NotationException("the range " + text + " is empty; write " + last + "-" + first);
        }
        return new Config.PortRange(first, last);
    }

    /** The shortest notation that {@link #range} reads back as the same. */
    public static String write(Config.PortRange range) {
        return range.first() == range.last() ? Integer.toString(range.first()) : range.first() + "-" + range.last();
    }

    private static int number(String digits) throws NotationException {
        int port = Integer.parseInt(digits);
        if (port < 1 || port > 65535) {
            throw new NotationException("there is no port " + port + "; ports go from 1 to 65535");
        }
        return port;
    }
}

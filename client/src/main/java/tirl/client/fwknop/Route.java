package tirl.client.fwknop;

import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Where a packet goes, and in what.
 *
 * @param carrier what it travels in
 * @param host the server
 * @param port of the server
 * @param sourcePort 0 for any
 * @param agent what an HTTP request says who it is from
 * @param proxy host, or host and port, of an HTTP proxy
 */
public record Route(Carrier carrier, String host, int port, int sourcePort, String agent, Optional<String> proxy) {
    /** What a packet travels in. */
    public enum Carrier {
        UDP,
        TCP,
        HTTP,
        ICMP
    }

    private static final int USUAL_PORT = 62_201;
    private static final int HTTP_PORT = 80;
    private static final String AGENT = "Fwknop/2.6.10";

    static Route of(Values values, Optional<String> proxy, RandomGenerator random) throws FwknopException {
        Carrier carrier = proxy.isPresent() ? Carrier.HTTP : carrier(values.get(Variable.SPA_SERVER_PROTO, "udp"));
        Optional<String> named = values.get(Variable.SPA_SERVER_PORT);
        int port = carrier == Carrier.HTTP ? HTTP_PORT : USUAL_PORT;
        if (named.isPresent()) {
            port = Requests.port("--server-port", named.get());
        } else if (values.isYes(Variable.RAND_PORT)) {
            port = random.nextInt(Requests.FIRST_RANDOM_PORT, Requests.PORTS);
        }
        Optional<String> source = values.get(Variable.SPA_SOURCE_PORT);
        int sourcePort = source.isEmpty() ? 0 : Requests.port("--source-port", source.get());
        String agent = values.get(Variable.HTTP_USER_AGENT, AGENT);
        if (agent.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new FwknopException("--user-agent takes printable ASCII");
        }
        return new Route(carrier, Requests.server(values), port, sourcePort, agent, proxy);
    }

    private static Carrier carrier(String text) throws FwknopException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "udp" -> Carrier.UDP;
            case "tcp" -> Carrier.TCP;
            case "http" -> Carrier.HTTP;
            case "icmp" -> Carrier.ICMP;
            case "udpraw", "tcpraw" ->
                throw new FwknopException(
                        "tirl does not forge packets: -P " + text + " is not there; use -P udp or tcp");
            default -> throw new FwknopException("there is no protocol " + text + "; use udp, tcp, http or icmp");
        };
    }
}

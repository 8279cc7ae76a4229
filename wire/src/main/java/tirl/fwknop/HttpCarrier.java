package tirl.fwknop;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** A packet as the path of an HTTP request (section 7). */
public final class HttpCarrier {
    /** What fwknop's client says it is begins with this, and fwknopd asks for it. */
    public static final String AGENT = "Fwknop";

    /** A longer request is none of a knock. */
    public static final int LONGEST_REQUEST = 4096;

    private static final String START = "GET /";

    private HttpCarrier() {}

    /**
     * A request that carried something.
     *
     * @param packet for {@link Candidate#take}, already with the standard alphabet; it may be anything
     * @param agent the User-Agent header
     * @param forwardedFor the X-Forwarded-For header as it came: whoever sent the request may have made it up
     */
    public record Request(String packet, Optional<String> agent, Optional<String> forwardedFor) {
        /** Whether it says to be a client of fwknop's. */
        public boolean isFromFwknop() {
            return agent.filter(name -> name.startsWith(AGENT)).isPresent();
        }

        /** The payload for {@link Candidate#take}. */
        public byte[] payload() {
            return packet.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Whether these bytes begin like a request, and not like a bare packet. */
    public static boolean isRequest(byte[] payload) {
        return payload.length > START.length()
                && new String(payload, 0, START.length(), StandardCharsets.ISO_8859_1).equals(START);
    }

    /** Reads the first bytes of a connection; empty when they are no such request. */
    public static Optional<Request> read(byte[] payload) {
        if (!isRequest(payload) || payload.length > LONGEST_REQUEST) {
            return Optional.empty();
        }
        String[] lines = new String(payload, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
        String target = lines[0].substring(START.length());
        int blank = target.indexOf(' ');
        String packet = (blank < 0 ? target : target.substring(0, blank))
                .replace('-', '+')
                .replace('_', '/');
        if (packet.length() < Candidate.SHORTEST || packet.length() > Candidate.LONGEST) {
            return Optional.empty();
        }
        return Optional.of(new Request(packet, header(lines, "user-agent"), header(lines, "x-forwarded-for")));
    }

    private static Optional<String> header(String[] lines, String name) {
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0
                    && lines[i].substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
                return Optional.of(lines[i].substring(colon + 1).strip());
            }
        }
        return Optional.empty();
    }

    /**
     * The request of a client.
     *
     * @param packet what {@link Envelope#seal} made
     * @param host for the Host header
     * @param proxied the server as a proxy has to find it, {@code http://host:port}; empty for the server itself
     * @param agent for the User-Agent header; what does not begin with {@link #AGENT} is ignored by most servers
     */
    public static String write(String packet, String host, Optional<String> proxied, String agent) {
        String path = "/" + packet.replace('+', '-').replace('/', '_');
        return "GET " + proxied.orElse("") + path + " HTTP/1.0\r\nUser-Agent: " + agent + "\r\nAccept: */*\r\nHost: "
                + host + "\r\nConnection: close\r\n\r\n";
    }
}

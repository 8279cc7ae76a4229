package tirl.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * What one source sends, in a notation for people: {@code 7000 7001:udp 7002/fin+ack 7003@10.0.0.9 ~900}, blanks
 * between, where {@code ~900} lets 900 ms pass. TCP is meant unless said, and SYN, and the server's address.
 *
 * <p>Every script ends with packets that fail whatever attempt its source still has: to a port that is listed, but in
 * no position in which it could come next. So no attempt lives on into the next script, and knockd's list of attempts
 * is empty when the next one begins (its bug with the head of that list would mix up the scripts otherwise).
 */
record KnockScript(String source, String text) {
    /** Listed by a door of its own, as the second knock after {@link #NEVER_SENT}. */
    static final int CLOSING_PORT = 6666;

    static final int NEVER_SENT = 6665;

    private static final long SPACING_MICROS = 2_000;
    private static final List<Integer> CLOSING_FLAGS = List.of(Frame.SYN, Frame.FIN, Frame.ACK);

    boolean ipv6() {
        return source.contains(":");
    }

    /**
     * Its frames, the closing ones included.
     *
     * @param destinations where attempts may live: the server's address of this family first, then targets of doors
     */
    List<Frame> frames(long startMicros, List<String> destinations) {
        List<Frame> frames = new ArrayList<>();
        long at = startMicros;
        for (String word : text.split(" ", -1)) {
            if (word.startsWith("~")) {
                at += Long.parseLong(word.substring(1)) * 1_000;
            } else {
                frames.add(frame(at, word, destinations.getFirst()));
                at += SPACING_MICROS;
            }
        }
        for (String destination : destinations) {
            for (int flags : CLOSING_FLAGS) {
                frames.add(new Frame(at, source, destination, "tcp", CLOSING_PORT, flags));
                at += SPACING_MICROS;
            }
        }
        return frames;
    }

    static long end(List<Frame> frames) {
        return frames.getLast().atMicros() + SPACING_MICROS;
    }

    private Frame frame(long at, String word, String server) {
        int target = word.indexOf('@');
        String destination = target < 0 ? server : word.substring(target + 1);
        String knock = target < 0 ? word : word.substring(0, target);
        int flags = knock.indexOf('/');
        String portAndProtocol = flags < 0 ? knock : knock.substring(0, flags);
        boolean udp = portAndProtocol.endsWith(":udp");
        int port = Integer.parseInt(portAndProtocol.replace(":udp", ""));
        return new Frame(
                at,
                source,
                destination,
                udp ? "udp" : "tcp",
                port,
                flags < 0 ? Frame.SYN : flags(knock.substring(flags + 1)));
    }

    private static int flags(String names) {
        int flags = 0;
        for (String name : names.split("\\+", -1)) {
            flags |= flag(name);
        }
        return flags;
    }

    static int flag(String name) {
        return switch (name) {
            case "fin" -> Frame.FIN;
            case "syn" -> Frame.SYN;
            case "rst" -> Frame.RST;
            case "psh" -> Frame.PSH;
            case "ack" -> Frame.ACK;
            case "urg" -> Frame.URG;
            default -> throw new LabException("no flag " + name);
        };
    }
}

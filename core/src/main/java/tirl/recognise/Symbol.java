package tirl.recognise;

import tirl.door.Step;
import tirl.packet.Packet;
import tirl.packet.Transport;

/**
 * A knock as a small number: the alphabet in which sequences are matched. The upper bits say the kind, the lower 16 the
 * port or the payload size.
 */
final class Symbol {
    static final int NONE = 0;
    static final int TCP = 1 << 16;
    static final int UDP = 2 << 16;
    private static final int ECHO_SIZED = 3 << 16;
    private static final int ECHO_ANY = 4 << 16;
    private static final int REPLY_SIZED = 5 << 16;
    private static final int REPLY_ANY = 6 << 16;
    /** One more than the largest symbol. */
    static final int COUNT = 7 << 16;

    private static final int MAX_PAYLOAD = 0xffff;

    private Symbol() {}

    static int of(Step step) {
        return switch (step) {
            case Step.Tcp tcp -> TCP | tcp.port();
            case Step.Udp udp -> UDP | udp.port();
            case Step.Echo echo
            when echo.payload().isPresent() ->
                (echo.reply() ? REPLY_SIZED : ECHO_SIZED) | echo.payload().getAsInt();
            case Step.Echo echo -> echo.reply() ? REPLY_ANY : ECHO_ANY;
        };
    }

    /** The symbol of an echo of any size for one of a certain size; others as they are. */
    static int withoutSize(int symbol) {
        return switch (symbol >>> 16 << 16) {
            case ECHO_SIZED -> ECHO_ANY;
            case REPLY_SIZED -> REPLY_ANY;
            default -> symbol;
        };
    }

    static Transport transport(Step step) {
        return switch (step) {
            case Step.Tcp _ -> Transport.TCP;
            case Step.Udp _ -> Transport.UDP;
            case Step.Echo _ -> Transport.ICMP;
        };
    }

    /** The most exact symbol of a packet, or NONE when no step can mean it. */
    static int exact(Packet packet) {
        return switch (packet.transport()) {
            case TCP -> TCP | packet.destinationPort();
            case UDP -> UDP | packet.destinationPort();
            case ICMP -> {
                int size = Math.min(packet.payloadLength(), MAX_PAYLOAD);
                yield packet.isEchoRequest() ? ECHO_SIZED | size : packet.isEchoReply() ? REPLY_SIZED | size : NONE;
            }
        };
    }

    /** The symbol that also fits a packet whatever its payload size, or NONE. */
    static int anySize(Packet packet) {
        return packet.isEchoRequest() ? ECHO_ANY : packet.isEchoReply() ? REPLY_ANY : NONE;
    }
}

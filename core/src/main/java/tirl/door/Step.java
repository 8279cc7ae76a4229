package tirl.door;

import java.util.OptionalInt;

/** One knock of a sequence, written {@code tcp/7000}, {@code udp/8000}, {@code icmp/echo} or {@code icmp/echo:64}. */
public sealed interface Step {

    /** A TCP packet to a port; which flags it must have is said by the door. */
    record Tcp(int port) implements Step {
        @Override
        public String toString() {
            return "tcp/" + port;
        }
    }

    /** A UDP datagram to a port, whatever it carries. */
    record Udp(int port) implements Step {
        @Override
        public String toString() {
            return "udp/" + port;
        }
    }

    /**
     * An ICMP or ICMPv6 echo packet.
     *
     * @param reply an echo reply instead of a request
     * @param payload octets after the ICMP header; empty for any number
     */
    record Echo(boolean reply, OptionalInt payload) implements Step {
        @Override
        public String toString() {
            return "icmp/" + (reply ? "echo-reply" : "echo") + (payload.isPresent() ? ":" + payload.getAsInt() : "");
        }
    }
}

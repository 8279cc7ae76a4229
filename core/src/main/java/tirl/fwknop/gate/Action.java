package tirl.fwknop.gate;

import java.util.List;
import java.util.Optional;
import tirl.door.ServicePort;
import tirl.fwknop.access.CommandRules;
import tirl.packet.Address;

/** What a packet gets. */
public sealed interface Action {
    /** Ports of this host. */
    record Open(Address source, List<ServicePort> ports, int seconds) implements Action {
        public Open {
            ports = List.copyOf(ports);
        }
    }

    /** Another port of this host, under a port that the client chose. */
    record LocalNat(Address source, ServicePort outside, ServicePort inside, int seconds) implements Action {}

    /**
     * A port of a machine behind this host. What lets the packets through has to name that machine and that port.
     *
     * @param translate whether their destination is rewritten; else the client reaches the machine by its own address
     */
    record Forwarding(
            Address source, ServicePort outside, Target target, boolean translate, SourceNat sourceNat, int seconds)
            implements Action {}

    /**
     * Everything from the client to wherever it leads.
     *
     * @param translate where connections to the requested port lead besides; empty for nowhere else
     */
    record ForwardAll(Address source, ServicePort outside, Optional<Target> translate, SourceNat sourceNat, int seconds)
            implements Action {}

    /**
     * A command, without a shell.
     *
     * @param rules as whom
     * @param timeoutSeconds after which it is ended; 0 for never
     */
    record Run(List<String> words, CommandRules rules, int timeoutSeconds) implements Action {
        public Run {
            words = List.copyOf(words);
        }
    }

    /**
     * A command now and another one later, in place of opening ports.
     *
     * @param close empty for nothing
     * @param seconds until then
     */
    record Cycle(Address source, List<String> open, Optional<List<String>> close, CommandRules rules, int seconds)
            implements Action {
        public Cycle {
            open = List.copyOf(open);
            close = close.map(List::copyOf);
        }
    }

    /**
     * A machine behind this host.
     *
     * @param address empty when the host is a name that has yet to be looked up, and then has to pass {@link #isInner}
     */
    record Target(String host, Optional<Address> address, int port) {
        /** Whether packets can be sent on to it: not this host's loopback, say. */
        public static boolean isInner(Address address) {
            return !address.isUnspecified()
                    && !address.isMulticast()
                    && !address.isLoopback()
                    && !address.isLinkLocal();
        }
    }

    /** What becomes of the client's address on the way. */
    sealed interface SourceNat {
        /** Stays. */
        record Unchanged() implements SourceNat {}

        /** That of the interface they leave by. */
        record Masquerade() implements SourceNat {}

        /** This one. */
        record To(Address address) implements SourceNat {}
    }
}

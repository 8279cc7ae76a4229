package tirl.linux.capture;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import tirl.packet.LinkType;
import tirl.ruleset.CaptureFilter;

/** Compiles a filter without opening an interface. */
public final class FilterCheck {
    private FilterCheck() {}

    /** What libpcap has against the filter on such a link; empty when it is good. */
    public static Optional<String> problem(CaptureFilter filter, LinkType link) throws CaptureException {
        Libpcap.require();
        long pcap = Libpcap.openDead(number(link), CaptureDepth.PAYLOAD.octets());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(Libpcap.PROGRAM, 8);
            if (Libpcap.compile(pcap, program, arena.allocateFrom(FilterProgram.text(filter, link))) < 0) {
                return Optional.of(Libpcap.error(pcap));
            }
            Libpcap.freeCode(program);
            return Optional.empty();
        } finally {
            Libpcap.close(pcap);
        }
    }

    /** DLT_* as libpcap has them on Linux. */
    private static int number(LinkType link) {
        return switch (link) {
            case NULL -> 0;
            case ETHERNET -> Libpcap.DLT_EN10MB;
            case RAW_IP -> 12;
            case LOOP -> 108;
            case LINUX_SLL -> 113;
            case LINUX_SLL2 -> Libpcap.DLT_LINUX_SLL2;
        };
    }
}

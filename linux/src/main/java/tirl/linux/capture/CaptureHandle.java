package tirl.linux.capture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;
import tirl.packet.LinkType;
import tirl.ruleset.CaptureFilter;

/** One active, non-blocking {@code pcap_t}. Hears nothing until it has a filter. */
final class CaptureHandle implements AutoCloseable {
    static final String ANY = "any";

    private static final int SOL_PACKET = 263;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    /** struct pcap_pkthdr: a timeval of two longs, then the captured length. */
    private static final long CAPTURED_LENGTH = 16;

    private static final long PACKET_HEADER = 24;

    private final String device;
    private final long pcap;
    private final LinkType link;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment header = arena.allocate(ADDRESS);
    private final MemorySegment data = arena.allocate(ADDRESS);
    private final MemorySegment stats = arena.allocate(JAVA_INT, 3);

    private CaptureHandle(String device, long pcap, LinkType link) {
        this.device = device;
        this.pcap = pcap;
        this.link = link;
        // So that there is something to read before the first frame.
        header.set(ADDRESS, 0, arena.allocate(PACKET_HEADER));
    }

    /** Empty when the interface went away or down at this moment: the network's next change will tell. */
    static Optional<CaptureHandle> open(String device, CaptureDepth depth) throws CaptureException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errors = arena.allocate(Libpcap.ERROR_BUFFER);
            long pcap = Libpcap.create(arena.allocateFrom(device), errors);
            if (pcap == 0) {
                throw new CaptureException("cannot capture on " + device + ": " + errors.getString(0));
            }
            Optional<CaptureHandle> handle = Optional.empty();
            try {
                handle = activate(device, depth, pcap, errors);
            } finally {
                if (handle.isEmpty()) {
                    Libpcap.close(pcap);
                }
            }
            return handle;
        }
    }

    private static Optional<CaptureHandle> activate(String device, CaptureDepth depth, long pcap, MemorySegment errors)
            throws CaptureException {
        Libpcap.configure(pcap, depth.octets(), depth.buffer());
        int status = Libpcap.activate(pcap);
        if (status == Libpcap.PCAP_ERROR_NO_SUCH_DEVICE || status == Libpcap.PCAP_ERROR_IFACE_NOT_UP) {
            return Optional.empty();
        }
        if (status < 0) {
            throw new CaptureException("cannot capture on " + device + ": " + reason(pcap, status));
        }
        if (device.equals(ANY)) {
            // Version 2 says which interface a frame came from. A libpcap before 1.10 lacks it: then version 1 stays.
            int _ = Libpcap.setDatalink(pcap, Libpcap.DLT_LINUX_SLL2);
        }
        int number = Libpcap.datalink(pcap);
        LinkType link = LinkType.ofNumber(number)
                .orElseThrow(() -> new CaptureException("cannot capture on " + device + ": its link type " + number
                        + " is none that tirl reads; name the interface with the IP address, or \"any\""));
        if (Libpcap.setDirectionIn(pcap) < 0 || Libpcap.setNonBlocking(pcap, errors) < 0) {
            throw new CaptureException("cannot capture on " + device + ": " + Libpcap.error(pcap));
        }
        ignoreOutgoing(pcap);
        CaptureHandle handle = new CaptureHandle(device, pcap, link);
        try (Arena arena = Arena.ofConfined()) {
            // Without a filter all traffic of the host would come in until there is one.
            handle.install(FilterProgram.nothing(arena));
        }
        return Optional.of(handle);
    }

    /**
     * libpcap sorts out by itself what this host sends, but only after the kernel has queued and counted it. Since Linux
     * 4.20 the kernel need not do that.
     */
    private static void ignoreOutgoing(long pcap) {
        try {
            Libc.setsockopt(Libpcap.selectableFd(pcap), SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
        } catch (LibcException olderKernel) {
            // then libpcap alone does it
        }
    }

    private static String reason(long pcap, int status) {
        String text = Libpcap.statusText(status);
        String detail = Libpcap.error(pcap);
        String both = detail.isEmpty() || detail.equals(text) ? text : text + " (" + detail + ")";
        boolean refused = status == Libpcap.PCAP_ERROR_PERM_DENIED || status == Libpcap.PCAP_ERROR_PROMISC_PERM_DENIED;
        return refused ? both + "; capturing needs root or the capability CAP_NET_RAW" : both;
    }

    LinkType link() {
        return link;
    }

    int fd() {
        return Libpcap.selectableFd(pcap);
    }

    /** Replaces the filter. On failure the one before stays. */
    void filter(CaptureFilter filter) throws CaptureException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment program = scratch.allocate(Libpcap.PROGRAM, 8);
            MemorySegment text = scratch.allocateFrom(FilterProgram.text(filter, link));
            if (Libpcap.compile(pcap, program, text) < 0) {
                throw new CaptureException("the filter for " + device + " does not compile: " + Libpcap.error(pcap));
            }
            try {
                install(device.equals(ANY) ? FilterProgram.withoutVlan(scratch, program) : program);
            } finally {
                Libpcap.freeCode(program);
            }
        }
    }

    private void install(MemorySegment program) throws CaptureException {
        if (Libpcap.setFilter(pcap, program) < 0) {
            throw new CaptureException("the kernel refuses the filter for " + device + ": " + Libpcap.error(pcap));
        }
    }

    /** True with a frame, which {@link #frame} and {@link #captured} tell until the next call. */
    boolean next() throws CaptureException {
        int result = Libpcap.next(pcap, header, data);
        if (result < 0) {
            throw new CaptureException("reading " + device + ": " + Libpcap.error(pcap));
        }
        return result > 0;
    }

    /** Takes the steps of a frame where there is none: the first ones load and link code. */
    boolean rehearse() {
        return frame() == 0 && captured() == 0;
    }

    long frame() {
        return data.get(JAVA_LONG, 0);
    }

    int captured() {
        return Libpcap.memory().get(JAVA_INT, header.get(JAVA_LONG, 0) + CAPTURED_LENGTH);
    }

    /** Packets received, with those that were lost for want of buffer. */
    long received() {
        return count(0);
    }

    long dropped() {
        return count(1);
    }

    private long count(int index) {
        return Libpcap.stats(pcap, stats) < 0 ? 0 : Integer.toUnsignedLong(stats.getAtIndex(JAVA_INT, index));
    }

    @Override
    public void close() {
        Libpcap.close(pcap);
        arena.close();
    }
}

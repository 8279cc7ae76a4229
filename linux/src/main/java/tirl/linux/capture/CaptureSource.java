package tirl.linux.capture;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tirl.linux.libc.Poller;
import tirl.linux.network.Link;
import tirl.linux.network.NetworkWatch;
import tirl.packet.LinkType;
import tirl.ruleset.CaptureFilter;

/**
 * One interface by name, through all its lives. All on the poller's thread.
 *
 * <p>No timer: whatever takes an interface away or brings it back is an event of the network.
 */
final class CaptureSource {
    private static final ValueLayout.OfShort SHORT_BE =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT_BE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int SLL2_HEADER = 20;
    private static final int PACKET_OTHERHOST = 3;
    private static final int NO_INDEX = 0;

    private final String name;
    private final Poller poller;
    private final NetworkWatch network;
    private final FrameHandler handler;
    private final CaptureListener listener;
    private final CaptureDepth depth;
    private @Nullable CaptureHandle handle;
    private @Nullable CaptureFilter filter;
    private int fd;
    private int index = NO_INDEX;
    private boolean openedSinceChange;
    private String lastReason = "";
    private long receivedBefore;
    private long droppedBefore;

    CaptureSource(
            String name,
            Poller poller,
            NetworkWatch network,
            FrameHandler handler,
            CaptureListener listener,
            CaptureDepth depth) {
        this.name = name;
        this.poller = poller;
        this.network = network;
        this.handler = handler;
        this.listener = listener;
        this.depth = depth;
    }

    /** Takes up what the network is like now. */
    void networkChanged() {
        openedSinceChange = false;
        follow();
    }

    void filter(CaptureFilter filter) throws CaptureException {
        if (handle != null) {
            handle.filter(filter);
        }
        this.filter = filter;
    }

    @Nullable
    LinkType link() {
        return handle == null ? null : handle.link();
    }

    CaptureStatistics statistics() {
        long received = handle == null ? 0 : handle.received();
        long dropped = handle == null ? 0 : handle.dropped();
        return new CaptureStatistics(name, handle != null, receivedBefore + received, droppedBefore + dropped);
    }

    void close() {
        CaptureHandle closing = handle;
        if (closing != null) {
            poller.forget(fd);
            receivedBefore += closing.received();
            droppedBefore += closing.dropped();
            handle = null;
            closing.close();
        }
    }

    private void follow() {
        int now = NO_INDEX;
        if (!name.equals(CaptureHandle.ANY)) {
            Optional<Link> link = network.link(name);
            if (link.isEmpty() || !link.get().up()) {
                lose(link.isEmpty() ? "there is no such interface; waiting for it" : "it is down; waiting for it");
                return;
            }
            now = link.get().index();
        }
        if (handle != null && now != index) {
            lose("it was replaced by another of its name");
        }
        index = now;
        if (handle == null) {
            open();
        }
    }

    private void open() {
        openedSinceChange = true;
        try {
            CaptureHandle opened = CaptureHandle.open(name, depth).orElse(null);
            if (opened == null) {
                lose("it is going away; waiting for it");
                return;
            }
            handle = opened;
            fd = opened.fd();
            if (filter != null) {
                opened.filter(filter);
            }
            poller.watch(fd, this::read);
        } catch (CaptureException refused) {
            lose(String.valueOf(refused.getMessage()));
            return;
        }
        lastReason = "";
        listener.opened(name);
    }

    private void lose(String reason) {
        close();
        if (!reason.equals(lastReason)) {
            lastReason = reason;
            listener.lost(name, reason);
        }
    }

    /** Takes what has come, and the steps of a frame also when nothing has. */
    void rehearse() {
        read();
        CaptureHandle reading = handle;
        if (reading != null) {
            boolean _ = reading.rehearse();
        }
    }

    private void read() {
        try {
            for (int i = 0; i < Captures.TURN; i++) {
                CaptureHandle reading = handle; // the frame handler may have closed it
                if (reading == null || !reading.next()) {
                    return;
                }
                deliver(reading);
            }
        } catch (CaptureException gone) {
            lose(String.valueOf(gone.getMessage()));
            // It may be back already, with its event read before the error was. Once per change is enough: every
            // error that the kernel raises comes with an event, and more attempts could be a busy loop.
            if (!openedSinceChange) {
                follow();
            }
        }
    }

    private void deliver(CaptureHandle reading) {
        MemorySegment memory = Libpcap.memory();
        long frame = reading.frame();
        int captured = reading.captured();
        if (reading.link() != LinkType.LINUX_SLL2 || (captured >= SLL2_HEADER && countsOnAny(memory, frame))) {
            handler.onFrame(memory, frame, captured, reading.link());
        }
    }

    /**
     * "any" shows one packet on every interface it passes upwards through; it counts on the topmost. A frame for
     * another host's MAC is one that a macvlan above will show again, or none of ours.
     */
    private boolean countsOnAny(MemorySegment memory, long frame) {
        int etherType = memory.get(SHORT_BE, frame) & 0xffff;
        boolean tagged = etherType == 0x8100 || etherType == 0x88a8;
        return !tagged
                && memory.get(JAVA_BYTE, frame + 10) != PACKET_OTHERHOST
                && !network.isEnslaved(memory.get(INT_BE, frame + 4));
    }
}

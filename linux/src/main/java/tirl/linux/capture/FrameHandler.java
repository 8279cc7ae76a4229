package tirl.linux.capture;

import java.lang.foreign.MemorySegment;
import tirl.packet.LinkType;

/** Takes frames on the poller's thread. The frame is gone when the call returns. */
@FunctionalInterface
public interface FrameHandler {
    /**
     * @param memory all of this process's memory, so that no segment has to be made for each frame: only the
     *     {@code captured} octets at {@code offset} are the frame
     */
    void onFrame(MemorySegment memory, long offset, int captured, LinkType link);
}

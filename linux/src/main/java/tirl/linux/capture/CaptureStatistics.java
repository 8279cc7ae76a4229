package tirl.linux.capture;

/**
 * What came in on an interface since the start, over all times it was opened.
 *
 * @param received packets that passed the filter
 * @param dropped packets that passed the filter and were lost because the buffer was full
 */
public record CaptureStatistics(String iface, boolean open, long received, long dropped) {}

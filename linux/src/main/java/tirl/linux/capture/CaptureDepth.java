package tirl.linux.capture;

/** How much of each packet is captured. The kernel's ring has a place of that size for each packet that waits. */
public enum CaptureDepth {
    /** Every header that the decoder reads: two VLAN tags, IPv6 with extension headers, TCP. */
    HEADERS(256, 2 << 20),
    /** That and the longest SPA packet, of 1232 octets. Twice the buffer, so that half as many packets can wait. */
    PAYLOAD(1400, 8 << 20),
    /** All of a packet that needs no fragments: fwknop's have up to 1,499 octets. */
    WHOLE(1600, 8 << 20);

    private final int octets;
    private final int buffer;

    CaptureDepth(int octets, int buffer) {
        this.octets = octets;
        this.buffer = buffer;
    }

    int octets() {
        return octets;
    }

    /** Octets of the ring, for each interface. */
    int buffer() {
        return buffer;
    }
}

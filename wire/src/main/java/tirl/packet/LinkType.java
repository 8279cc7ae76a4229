package tirl.packet;

import java.util.Optional;

/** The link-layer headers that the decoder reads; numbers as in libpcap's registry of link types. */
public enum LinkType {
    /** BSD loopback: address family in host byte order. */
    NULL,
    ETHERNET,
    /** An IP packet without any link header: tun, ppp, WireGuard. */
    RAW_IP,
    /** OpenBSD loopback: address family in network byte order. */
    LOOP,
    /** Linux cooked capture v1, what the interface "any" gives by default. */
    LINUX_SLL,
    /** Linux cooked capture v2. */
    LINUX_SLL2;

    /** The type for a DLT or LINKTYPE number; empty when the decoder does not know it. */
    public static Optional<LinkType> ofNumber(int number) {
        return switch (number) {
            case 0 -> Optional.of(NULL);
            case 1 -> Optional.of(ETHERNET);
            // 12 is DLT_RAW on Linux, 14 on OpenBSD, 101 its number in files, 228 and 229 fix the IP version.
            case 12, 14, 101, 228, 229 -> Optional.of(RAW_IP);
            case 108 -> Optional.of(LOOP);
            case 113 -> Optional.of(LINUX_SLL);
            case 276 -> Optional.of(LINUX_SLL2);
            default -> Optional.empty();
        };
    }
}

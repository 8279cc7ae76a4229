package tirl.daemon.practice;

/** Who was never there: addresses for benchmarks (RFC 2544), which no client has. */
public final class Strangers {
    private static final int FIRST = 0xc612_0000;
    private static final int MASK = 0x1_ffff;

    private Strangers() {}

    /** The address of one of 131,072, in turn, as an IPv4 header has it. */
    public static int ipv4(long number) {
        return FIRST | (int) (number & MASK);
    }
}

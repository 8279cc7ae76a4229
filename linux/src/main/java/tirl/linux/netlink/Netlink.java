package tirl.linux.netlink;

/** Numbers of linux/netlink.h. */
public final class Netlink {
    public static final int NLMSG_ERROR = 2;
    public static final int NLMSG_DONE = 3;
    public static final int NLM_F_REQUEST = 0x01;
    public static final int NLM_F_ACK = 0x04;
    /** In an answer: what is listed changed meanwhile, so the list may have holes. */
    public static final int NLM_F_DUMP_INTR = 0x10;

    public static final int NLM_F_DUMP = 0x300;
    public static final int NLM_F_CREATE = 0x400;

    static final int HEADER = 16;
    static final int ATTRIBUTE_HEADER = 4;
    static final int NLA_F_NESTED = 0x8000;
    static final int NLA_TYPE_MASK = 0x3fff;

    private Netlink() {}

    static long aligned(long length) {
        return (length + 3) & ~3L;
    }
}

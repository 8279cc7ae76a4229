package tirl.linux.libc;

/** System calls that concern the calling thread alone; never a virtual one, which would change its carrier. */
public final class ThisThread {
    private static final int CLONE_NEWNET = 0x40000000;

    private static final NativeCall UNSHARE = new NativeCall("unshare", 1);
    private static final NativeCall GETTID = new NativeCall("gettid", 0);

    private ThisThread() {}

    /** Moves into an empty network namespace, which lasts as long as its threads, processes and sockets do. */
    public static void leaveNetwork() throws LibcException {
        int _ = UNSHARE.invoke(CLONE_NEWNET);
    }

    /** Its number for the kernel. */
    public static int id() throws LibcException {
        return GETTID.invoke();
    }
}

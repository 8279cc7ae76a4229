package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** System calls that concern the calling thread alone; never a virtual one, which would change its carrier. */
public final class ThisThread {
    private static final int CLONE_NEWNET = 0x40000000;

    /** The number of the system call, of which the next one gets; the C library has functions for both since glibc 2.41. */
    private static final long SCHED_SETATTR = switch (System.getProperty("os.arch")) {
        case "amd64" -> 314;
        case "aarch64", "riscv64" -> 274;
        default -> 0;
    };

    private static final long SCHED_GETATTR = SCHED_SETATTR + 1;
    /** Of struct sched_attr, sched_setattr(2). */
    private static final int ATTRIBUTES_LENGTH = 48;

    private static final int RUNTIME_OFFSET = 24;
    /** Shorter than the usual turn (0.7 ms at least), and as long as a knock takes: who has had his turn waits for the others'. */
    private static final Duration SHORT_TURN = Duration.ofNanos(500_000);

    private static final NativeCall SYSCALL = new NativeCall("syscall", 5);
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

    /**
     * Lets others who wait for this processor have it first: to be called when what somebody may wait for is done and what is
     * left concerns nobody outside.
     */
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on whether the scheduler does it
    public static void giveWay() {
        Thread.yield();
    }

    /**
     * Asks the scheduler for short turns: a thread with such runs as soon as it is woken; one without waits until what
     * computes on its processor has had a turn of some milliseconds. Needs no privilege.
     *
     * @return whether the kernel took it; Linux before 6.12 takes it and does nothing
     */
    public static boolean takeShortTurns() {
        return takeTurns(SHORT_TURN);
    }

    /**
     * The same with a length: of two threads with short turns that one goes first whose turns are shorter.
     *
     * @param length 0.1 ms to 100 ms
     */
    public static boolean takeTurns(Duration length) {
        if (SCHED_SETATTR == 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES_LENGTH, Long.BYTES);
            attributes.set(JAVA_INT, 0, ATTRIBUTES_LENGTH);
            long address = Downcalls.address(attributes);
            int _ = SYSCALL.invoke(SCHED_GETATTR, 0, address, ATTRIBUTES_LENGTH, 0);
            attributes.set(JAVA_LONG, RUNTIME_OFFSET, length.toNanos());
            int _ = SYSCALL.invoke(SCHED_SETATTR, 0, address, 0, 0);
            return true;
        } catch (LibcException refused) {
            return false;
        }
    }
}

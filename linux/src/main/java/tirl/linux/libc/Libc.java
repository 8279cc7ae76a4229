package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls. A failed one throws {@link LibcException}; the two results that are no failure, "nothing there yet" and
 * "interrupted", are values. Any thread may call. The constants hold on every 64-bit Linux that Java 25 runs on.
 */
public final class Libc {
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;
    public static final int SOCK_DGRAM = 2;
    public static final int SOCK_RAW = 3;
    public static final int SOCK_NONBLOCK = 0x800;
    public static final int SOCK_CLOEXEC = 0x80000;
    public static final int SOL_SOCKET = 1;
    public static final int MSG_TRUNC = 0x20;
    public static final int MSG_DONTWAIT = 0x40;
    /** What {@link #recv} and {@link #read} return when a non-blocking descriptor has nothing. */
    public static final int WOULD_BLOCK = -1;

    private static final int EFD_NONBLOCK_CLOEXEC = SOCK_NONBLOCK | SOCK_CLOEXEC;

    private static final MethodHandle SOCKET = errnoCall("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle BIND = errnoCall("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            errnoCall("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SENDTO =
            errnoCall("sendto", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle RECV = errnoCall("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle READ = errnoCall("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = errnoCall("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle CLOSE = errnoCall("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle POLL = errnoCall("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EVENTFD = errnoCall("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle IF_NAMETOINDEX = errnoCall("if_nametoindex", JAVA_INT, ADDRESS);
    private static final MethodHandle STRERROR = strerrorCall();

    /** Where the linker leaves errno, one per thread: a JVM-internal call in between may overwrite the C variable. */
    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private Libc() {}

    public static int socket(int domain, int type, int protocol) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return (int) checked("socket", (int) SOCKET.invokeExact(state, domain, type, protocol), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    public static void bind(int fd, MemorySegment address) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            checked("bind", (int) BIND.invokeExact(state, fd, address, (int) address.byteSize()), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    /** Sets an option; {@code value} is what the option takes, for most an int. */
    public static void setsockopt(int fd, int level, int option, MemorySegment value) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            int result = (int) SETSOCKOPT.invokeExact(state, fd, level, option, value, (int) value.byteSize());
            checked("setsockopt", result, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    public static void setsockopt(int fd, int level, int option, int value) throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            setsockopt(fd, level, option, arena.allocateFrom(JAVA_INT, value));
        }
    }

    /** Sends to the peer, or to {@code address} unless that is {@link MemorySegment#NULL}. */
    public static void sendTo(int fd, MemorySegment bytes, long length, int flags, MemorySegment address)
            throws LibcException {
        MemorySegment state = CALL_STATE.get();
        int addressLength = (int) address.byteSize();
        try {
            checked("send", (long) SENDTO.invokeExact(state, fd, bytes, length, flags, address, addressLength), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    public static long recv(int fd, MemorySegment buffer, int flags) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return arrived("recv", (long) RECV.invokeExact(state, fd, buffer, buffer.byteSize(), flags), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    public static long read(int fd, MemorySegment buffer) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return arrived("read", (long) READ.invokeExact(state, fd, buffer, buffer.byteSize()), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    public static void write(int fd, MemorySegment bytes) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            checked("write", (long) WRITE.invokeExact(state, fd, bytes, bytes.byteSize()), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    /** Closes; an error is of no use to anybody, because Linux frees the descriptor in any case. */
    public static void close(int fd) {
        try {
            int _ = (int) CLOSE.invokeExact(CALL_STATE.get(), fd);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    /** How many of the {@code count} pollfd structures are ready; 0 also after a signal. */
    static int poll(MemorySegment pollfds, long count, int timeoutMillis) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            int ready = (int) POLL.invokeExact(state, pollfds, count, timeoutMillis);
            return ready < 0 && errno(state) == Errno.EINTR ? 0 : (int) checked("poll", ready, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    static int eventfd() throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return (int) checked("eventfd", (int) EVENTFD.invokeExact(state, 0, EFD_NONBLOCK_CLOEXEC), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    /** The index of an interface in the network namespace of this process. */
    public static int interfaceIndex(String name) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            int index = (int) IF_NAMETOINDEX.invokeExact(state, arena.allocateFrom(name));
            return (int) checked("interface " + name, index == 0 ? -1 : index, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    // strerror(3) may return a static buffer.
    @SuppressWarnings("restricted")
    public static synchronized String strerror(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private static int errno(MemorySegment state) {
        return state.get(JAVA_INT, 0);
    }

    private static long checked(String operation, long result, MemorySegment state) throws LibcException {
        if (result < 0) {
            throw new LibcException(operation, errno(state));
        }
        return result;
    }

    private static long arrived(String operation, long count, MemorySegment state) throws LibcException {
        boolean nothing = count < 0 && (errno(state) == Errno.EAGAIN || errno(state) == Errno.EINTR);
        return nothing ? WOULD_BLOCK : checked(operation, count, state);
    }

    /** A downcall itself throws nothing, so anything but our own exception is a bug here. */
    private static LibcException sorted(Throwable failure) {
        if (failure instanceof LibcException ours) {
            return ours;
        }
        throw new AssertionError(failure);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle errnoCall(String name, MemoryLayout result, MemoryLayout... parameters) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, parameters),
                Linker.Option.captureCallState("errno"));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle strerrorCall() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
    }
}

package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

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

    private static final MethodHandle SOCKET = call("socket", 3);
    private static final MethodHandle BIND = call("bind", 3);
    private static final MethodHandle SETSOCKOPT = call("setsockopt", 5);
    private static final MethodHandle SENDTO = call("sendto", 6);
    /** As recv(2) when no address is wanted. */
    private static final MethodHandle RECVFROM = call("recvfrom", 6);

    private static final MethodHandle READ = call("read", 3);
    private static final MethodHandle WRITE = call("write", 3);
    private static final MethodHandle CLOSE = call("close", 1);
    private static final MethodHandle POLL = call("poll", 3);
    private static final MethodHandle EVENTFD = call("eventfd", 2);
    private static final MethodHandle IF_NAMETOINDEX = call("if_nametoindex", 1);
    private static final MethodHandle STRERROR = call("strerror", 1);
    private static final NativeCall GETSOCKNAME = new NativeCall("getsockname", 3);

    /** Where the linker leaves errno, one per thread: a JVM-internal call in between may overwrite the C variable. */
    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private Libc() {}

    public static int socket(int domain, int type, int protocol) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return checked(
                    "socket",
                    (int) (long) SOCKET.invokeExact(state, (long) domain, (long) type, (long) protocol),
                    state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    public static void bind(int fd, MemorySegment address) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            long result = (long) BIND.invokeExact(state, (long) fd, Downcalls.address(address), address.byteSize());
            checked("bind", (int) result, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        } finally {
            Reference.reachabilityFence(address);
        }
    }

    /** Fills {@code address} with what a socket is bound to. */
    public static void getsockname(int fd, MemorySegment address) throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) address.byteSize());
            int _ = GETSOCKNAME.invoke(fd, Downcalls.address(address), Downcalls.address(length));
        } finally {
            Reference.reachabilityFence(address);
        }
    }

    /** Sets an option; {@code value} is what the option takes, for most an int. */
    public static void setsockopt(int fd, int level, int option, MemorySegment value) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            long result = (long) SETSOCKOPT.invokeExact(
                    state, (long) fd, (long) level, (long) option, Downcalls.address(value), value.byteSize());
            checked("setsockopt", (int) result, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        } finally {
            Reference.reachabilityFence(value);
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
        try {
            long result = (long) SENDTO.invokeExact(
                    state,
                    (long) fd,
                    Downcalls.address(bytes),
                    length,
                    (long) flags,
                    Downcalls.address(address),
                    address.byteSize());
            checked("send", result, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        } finally {
            Reference.reachabilityFence(bytes);
            Reference.reachabilityFence(address);
        }
    }

    public static long recv(int fd, MemorySegment buffer, int flags) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            long result = (long) RECVFROM.invokeExact(
                    state, (long) fd, Downcalls.address(buffer), buffer.byteSize(), (long) flags, 0L, 0L);
            return arrived("recv", result, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    public static long read(int fd, MemorySegment buffer) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            long result = (long) READ.invokeExact(state, (long) fd, Downcalls.address(buffer), buffer.byteSize());
            return arrived("read", result, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        } finally {
            Reference.reachabilityFence(buffer);
        }
    }

    public static void write(int fd, MemorySegment bytes) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            long result = (long) WRITE.invokeExact(state, (long) fd, Downcalls.address(bytes), bytes.byteSize());
            checked("write", result, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        } finally {
            Reference.reachabilityFence(bytes);
        }
    }

    /** Closes; an error is of no use to anybody, because Linux frees the descriptor in any case. */
    public static void close(int fd) {
        try {
            long _ = (long) CLOSE.invokeExact(CALL_STATE.get(), (long) fd);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    /** How many of the {@code count} pollfd structures are ready; 0 also after a signal. */
    static int poll(MemorySegment pollfds, long count, int timeoutMillis) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            int ready = (int) (long) POLL.invokeExact(state, Downcalls.address(pollfds), count, (long) timeoutMillis);
            return ready < 0 && errno(state) == Errno.EINTR ? 0 : checked("poll", ready, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        } finally {
            Reference.reachabilityFence(pollfds);
        }
    }

    static int eventfd() throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return checked("eventfd", (int) (long) EVENTFD.invokeExact(state, 0L, (long) EFD_NONBLOCK_CLOEXEC), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    /** The index of an interface in the network namespace of this process. */
    public static int interfaceIndex(String name) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try (Arena arena = Arena.ofConfined()) {
            int index = (int) (long) IF_NAMETOINDEX.invokeExact(state, Downcalls.address(arena.allocateFrom(name)));
            return checked("interface " + name, index == 0 ? -1 : index, state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    // strerror(3) may return a static buffer.
    @SuppressWarnings("restricted")
    public static synchronized String strerror(int errno) {
        try {
            long text = (long) STRERROR.invokeExact(CALL_STATE.get(), (long) errno);
            return MemorySegment.ofAddress(text).reinterpret(256).getString(0);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    private static int errno(MemorySegment state) {
        return state.get(JAVA_INT, 0);
    }

    /** Of an int result, the upper half means nothing. */
    private static int checked(String operation, int result, MemorySegment state) throws LibcException {
        if (result < 0) {
            throw new LibcException(operation, errno(state));
        }
        return result;
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

    private static MethodHandle call(String name, int parameters) {
        return Downcalls.withErrno(Linker.nativeLinker().defaultLookup(), name, parameters);
    }
}

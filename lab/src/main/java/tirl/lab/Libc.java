package tirl.lab;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The system calls that Java has no words for. Every one throws with errno when the kernel refuses. */
final class Libc {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    /** Size of struct sockaddr_ll, packet(7). */
    private static final int SOCKADDR_LL = 20;

    /** IPv4, in linux/if_ether.h. */
    private static final int ETH_P_IP = 0x0800;

    private static final int AF_NETLINK = 16;
    private static final int NETLINK_NETFILTER = 12;

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    /** Size of struct sockaddr_un, unix(7). */
    private static final int SOCKADDR_UN = 110;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int EAGAIN = 11;
    private static final int DATAGRAM_LIMIT = 4096;

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    // open(2) is variadic: three arguments only when it creates a file, which we never do.
    private static final MethodHandle OPEN =
            function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETNS = function("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SOCKET =
            function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SEND =
            function("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV =
            function("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle NAME_TO_INDEX =
            function("if_nametoindex", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    private static final MethodHandle CLOCK_GETTIME =
            function("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Libc() {}

    static int openForReading(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            return (int) call("open " + path, state -> (int) OPEN.invokeExact(state, name, 0));
        }
    }

    static void close(int descriptor) {
        call("close", state -> (int) CLOSE.invokeExact(state, descriptor));
    }

    /** Moves the calling thread, and only it, into another namespace. */
    static void setNamespace(int descriptor, int kind) {
        call("setns", state -> (int) SETNS.invokeExact(state, descriptor, kind));
    }

    /** A socket that sends whole Ethernet frames out of an interface of the calling thread's namespace. */
    static int packetSocket(String interfaceName) {
        try (Arena arena = Arena.ofConfined()) {
            // Protocol 0: this socket only sends, so the kernel queues nothing to it.
            int socket = (int) call("socket", state -> (int) SOCKET.invokeExact(state, AF_PACKET, SOCK_RAW, 0));
            MemorySegment address = arena.allocate(SOCKADDR_LL, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_INT, 4, interfaceIndex(interfaceName));
            call("bind", state -> (int) BIND.invokeExact(state, socket, address, SOCKADDR_LL));
            return socket;
        }
    }

    /** A socket that gets every IPv4 packet of an interface of the calling thread's namespace. */
    static int listeningPacketSocket(String interfaceName) {
        try (Arena arena = Arena.ofConfined()) {
            int socket = (int) call("socket", state -> (int) SOCKET.invokeExact(state, AF_PACKET, SOCK_RAW, 0));
            MemorySegment address = arena.allocate(SOCKADDR_LL, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_SHORT, 2, Short.reverseBytes((short) ETH_P_IP));
            address.set(JAVA_INT, 4, interfaceIndex(interfaceName));
            call("bind", state -> (int) BIND.invokeExact(state, socket, address, SOCKADDR_LL));
            return socket;
        }
    }

    /** A socket that speaks with the kernel's packet filter. */
    static int netfilterSocket() {
        return (int) call("socket", state -> (int) SOCKET.invokeExact(state, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER));
    }

    /** Waits for the next packet or message and returns its length. */
    static int receive(int socket, MemorySegment buffer) {
        return (int) call("recv", state -> (long) RECV.invokeExact(state, socket, buffer, buffer.byteSize(), 0));
    }

    static void send(int socket, MemorySegment frame) {
        call("send", state -> (long) SEND.invokeExact(state, socket, frame, frame.byteSize(), 0));
    }

    /** A datagram socket in the file system, bound to {@code path}, which must not be there yet. */
    static int unixDatagramSocket(String path) {
        try (Arena arena = Arena.ofConfined()) {
            int socket = (int) call("socket", state -> (int) SOCKET.invokeExact(state, AF_UNIX, SOCK_DGRAM, 0));
            MemorySegment address = arena.allocate(SOCKADDR_UN, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            address.setString(2, path);
            call("bind " + path, state -> (int) BIND.invokeExact(state, socket, address, SOCKADDR_UN));
            return socket;
        }
    }

    /** The text of the next datagram if there is one now. */
    static Optional<String> receiveNow(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(DATAGRAM_LIMIT);
            long length = call("recv", state -> {
                long result = (long) RECV.invokeExact(state, socket, buffer, buffer.byteSize(), MSG_DONTWAIT);
                return result < 0 && (int) ERRNO.get(state, 0L) == EAGAIN ? 0 : result;
            });
            byte[] octets = buffer.asSlice(0, length).toArray(JAVA_BYTE);
            return length == 0 ? Optional.empty() : Optional.of(new String(octets, StandardCharsets.UTF_8));
        }
    }

    /** Reads a clock by its number. */
    static long clockNs(int clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(JAVA_LONG, 2);
            call("clock_gettime " + clock, state -> (int) CLOCK_GETTIME.invokeExact(state, clock, time));
            return time.getAtIndex(JAVA_LONG, 0) * NANOS_PER_SECOND + time.getAtIndex(JAVA_LONG, 1);
        }
    }

    private static int interfaceIndex(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            int index = (int) call("if_nametoindex", state -> (int) NAME_TO_INDEX.invokeExact(state, text));
            if (index == 0) {
                throw new LabException("no interface " + name + " here");
            }
            return index;
        }
    }

    private interface Call {
        long with(MemorySegment state) throws Throwable;
    }

    private static long call(String what, Call call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.with(state);
            if (result < 0) {
                throw new LabException(what + ": errno " + (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor shape, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        MemorySegment address = linker.defaultLookup().find(name).orElseThrow();
        return linker.downcallHandle(address, shape, all);
    }
}

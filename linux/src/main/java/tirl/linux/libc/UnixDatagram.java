package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A datagram socket of this host (unix(7)), which Java does not have. One thread at a time; it never waits. */
public final class UnixDatagram implements AutoCloseable {
    private static final int AF_UNIX = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int FAMILY_BYTES = 2;
    /** Size of sun_path, with the zero at its end. */
    private static final int PATH_BYTES = 108;

    private final int fd;

    public UnixDatagram() throws LibcException {
        fd = Libc.socket(AF_UNIX, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
    }

    /** Receives what is sent to the path; whoever binds also deletes the file. */
    public void bind(Path path) throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            Libc.bind(fd, address(arena, path));
        }
    }

    /**
     * Receives what is sent to the name: a path, or with {@code @} before it a name in the abstract namespace of
     * unix(7), which leaves no file behind.
     */
    public void bind(String name) throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            Libc.bind(fd, address(arena, name));
        }
    }

    /** As {@link #send(byte[], Path)}, to a path or to an abstract name with {@code @} before it. */
    public void send(byte[] datagram, String to) throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, datagram);
            Libc.sendTo(fd, bytes, datagram.length, Libc.MSG_DONTWAIT | MSG_NOSIGNAL, address(arena, to));
        }
    }

    /** Sends one datagram; EAGAIN when the receiver's queue is full, ENOENT or ECONNREFUSED when there is none. */
    public void send(byte[] datagram, Path to) throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, datagram);
            Libc.sendTo(fd, bytes, datagram.length, Libc.MSG_DONTWAIT | MSG_NOSIGNAL, address(arena, to));
        }
    }

    /** The length of the datagram now in the buffer, or {@link Libc#WOULD_BLOCK}. */
    public long receive(MemorySegment buffer) throws LibcException {
        return Libc.recv(fd, buffer, Libc.MSG_DONTWAIT);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }

    private static MemorySegment address(Arena arena, String name) {
        if (!name.startsWith("@")) {
            return address(arena, Path.of(name));
        }
        byte[] abstractName = name.getBytes(StandardCharsets.UTF_8);
        if (abstractName.length > PATH_BYTES) {
            throw new IllegalArgumentException("a socket name is at most " + PATH_BYTES + " bytes, not " + name);
        }
        // A zero in place of the @; no zero at the end, which would be part of the name.
        MemorySegment address = arena.allocate(FAMILY_BYTES + abstractName.length, 2);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(abstractName, 1, address, JAVA_BYTE, FAMILY_BYTES + 1, abstractName.length - 1);
        return address;
    }

    private static MemorySegment address(Arena arena, Path path) {
        byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length >= PATH_BYTES) {
            throw new IllegalArgumentException("a socket path is at most " + (PATH_BYTES - 1) + " bytes, not " + path);
        }
        MemorySegment address = arena.allocate(FAMILY_BYTES + PATH_BYTES, 2);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, FAMILY_BYTES, name.length);
        return address;
    }
}

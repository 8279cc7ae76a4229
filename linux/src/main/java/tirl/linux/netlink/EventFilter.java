package tirl.linux.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;

/** A program for the kernel (linux/filter.h), by which a socket is not even queued some of the events of its groups. */
final class EventFilter {
    private static final int SO_ATTACH_FILTER = 26;

    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    /** Of nlmsg_pid in struct nlmsghdr: whose request an event comes of. */
    private static final int PORT_OFFSET = 12;

    private static final int NOTHING = 0;
    private static final int ALL_OF_IT = -1;
    /** Of struct sock_filter: code, two jumps, operand. */
    private static final int INSTRUCTION = 8;

    private EventFilter() {}

    /**
     * Drops what comes of the requests of one socket. The first message of a datagram tells for all: they come of one transaction.
     *
     * @param port of the socket whose doings are known without
     */
    static void drop(int fd, int port) throws LibcException {
        // The filter loads in the network's order what the header has in the host's.
        int loaded = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? port : Integer.reverseBytes(port);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment program = arena.allocate(4 * INSTRUCTION, INSTRUCTION);
            instruction(program, 0, LOAD_WORD, 0, PORT_OFFSET);
            instruction(program, 1, JUMP_IF_EQUAL, 1, loaded);
            instruction(program, 2, RETURN, 0, NOTHING);
            instruction(program, 3, RETURN, 0, ALL_OF_IT);
            MemorySegment whole = arena.allocate(2 * ADDRESS.byteSize(), ADDRESS.byteAlignment());
            whole.set(JAVA_SHORT, 0, (short) 4);
            whole.set(ADDRESS, ADDRESS.byteSize(), program);
            Libc.setsockopt(fd, Libc.SOL_SOCKET, SO_ATTACH_FILTER, whole);
        }
    }

    private static void instruction(MemorySegment program, int index, int code, int overWhenFalse, int operand) {
        long at = (long) index * INSTRUCTION;
        program.set(JAVA_SHORT, at, (short) code);
        program.set(JAVA_BYTE, at + 3, (byte) overWhenFalse);
        program.set(JAVA_INT, at + 4, operand);
    }
}

package tirl.linux.capture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * The functions of libpcap (pcap(3PCAP)), one to one. A {@code pcap_t *} is a {@code long}: as a segment, every one that
 * C returns would be an allocation. {@link #require} comes before all others.
 */
final class Libpcap {
    static final int PCAP_ERROR_NO_SUCH_DEVICE = -5;
    static final int PCAP_ERROR_PERM_DENIED = -8;
    static final int PCAP_ERROR_IFACE_NOT_UP = -9;
    static final int PCAP_ERROR_PROMISC_PERM_DENIED = -11;
    static final int PCAP_D_IN = 1;
    static final int DLT_EN10MB = 1;
    static final int DLT_LINUX_SLL2 = 276;
    static final int ERROR_BUFFER = 256;
    /** sizeof(struct bpf_program): a count, padding, a pointer. */
    static final long PROGRAM = 16;

    static final long PROGRAM_INSTRUCTIONS = 8;
    /** The soname of Debian and its children, of Fedora and others, and that of a development package. */
    private static final List<String> NAMES = List.of("libpcap.so.0.8", "libpcap.so.1", "libpcap.so");

    private static final Optional<SymbolLookup> LIBRARY = load();
    private static final MemorySegment ALL_MEMORY = allMemory();

    /** The handles, in a class of their own so that a missing library is an exception of ours, not a linkage error. */
    private static final class Calls {
        static final MethodHandle CREATE = call("pcap_create", JAVA_LONG, ADDRESS, ADDRESS);
        static final MethodHandle SET_SNAPLEN = call("pcap_set_snaplen", JAVA_INT, JAVA_LONG, JAVA_INT);
        static final MethodHandle SET_PROMISC = call("pcap_set_promisc", JAVA_INT, JAVA_LONG, JAVA_INT);
        static final MethodHandle SET_IMMEDIATE = call("pcap_set_immediate_mode", JAVA_INT, JAVA_LONG, JAVA_INT);
        static final MethodHandle SET_TIMEOUT = call("pcap_set_timeout", JAVA_INT, JAVA_LONG, JAVA_INT);
        static final MethodHandle SET_BUFFER_SIZE = call("pcap_set_buffer_size", JAVA_INT, JAVA_LONG, JAVA_INT);
        static final MethodHandle ACTIVATE = call("pcap_activate", JAVA_INT, JAVA_LONG);
        static final MethodHandle SETDIRECTION = call("pcap_setdirection", JAVA_INT, JAVA_LONG, JAVA_INT);
        static final MethodHandle SET_DATALINK = call("pcap_set_datalink", JAVA_INT, JAVA_LONG, JAVA_INT);
        static final MethodHandle DATALINK = call("pcap_datalink", JAVA_INT, JAVA_LONG);
        static final MethodHandle COMPILE =
                call("pcap_compile", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
        static final MethodHandle SETFILTER = call("pcap_setfilter", JAVA_INT, JAVA_LONG, ADDRESS);
        static final MethodHandle FREECODE = callVoid("pcap_freecode", ADDRESS);
        static final MethodHandle SETNONBLOCK = call("pcap_setnonblock", JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS);
        static final MethodHandle GET_SELECTABLE_FD = call("pcap_get_selectable_fd", JAVA_INT, JAVA_LONG);
        static final MethodHandle NEXT_EX = call("pcap_next_ex", JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS);
        static final MethodHandle STATS = call("pcap_stats", JAVA_INT, JAVA_LONG, ADDRESS);
        static final MethodHandle GETERR = call("pcap_geterr", JAVA_LONG, JAVA_LONG);
        static final MethodHandle STATUSTOSTR = call("pcap_statustostr", JAVA_LONG, JAVA_INT);
        static final MethodHandle OPEN_DEAD = call("pcap_open_dead", JAVA_LONG, JAVA_INT, JAVA_INT);
        static final MethodHandle CLOSE = callVoid("pcap_close", JAVA_LONG);

        private Calls() {}
    }

    private Libpcap() {}

    /** Fails when there is no libpcap on this machine. */
    static void require() throws CaptureException {
        if (LIBRARY.isEmpty()) {
            throw new CaptureException("libpcap not found: install it (Debian: apt-get install libpcap0.8)");
        }
    }

    /** Everything, for addresses that C gave us. */
    static MemorySegment memory() {
        return ALL_MEMORY;
    }

    /** 0 on failure, with the reason in {@code errors}. */
    static long create(MemorySegment device, MemorySegment errors) {
        try {
            return (long) Calls.CREATE.invokeExact(device, errors);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static void configure(long pcap, int snaplen, int bufferSize) {
        try {
            // These fail on an active handle only.
            int _ = (int) Calls.SET_SNAPLEN.invokeExact(pcap, snaplen)
                    + (int) Calls.SET_PROMISC.invokeExact(pcap, 0)
                    + (int) Calls.SET_IMMEDIATE.invokeExact(pcap, 1)
                    + (int) Calls.SET_TIMEOUT.invokeExact(pcap, 1)
                    + (int) Calls.SET_BUFFER_SIZE.invokeExact(pcap, bufferSize);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int activate(long pcap) {
        try {
            return (int) Calls.ACTIVATE.invokeExact(pcap);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int setDirectionIn(long pcap) {
        try {
            return (int) Calls.SETDIRECTION.invokeExact(pcap, PCAP_D_IN);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int setDatalink(long pcap, int dlt) {
        try {
            return (int) Calls.SET_DATALINK.invokeExact(pcap, dlt);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int datalink(long pcap) {
        try {
            return (int) Calls.DATALINK.invokeExact(pcap);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** Fills {@code program}, which {@link #freeCode} empties. */
    static int compile(long pcap, MemorySegment program, MemorySegment expression) {
        try {
            int optimize = 1;
            int netmaskUnknown = -1;
            return (int) Calls.COMPILE.invokeExact(pcap, program, expression, optimize, netmaskUnknown);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** Copies the program. */
    static int setFilter(long pcap, MemorySegment program) {
        try {
            return (int) Calls.SETFILTER.invokeExact(pcap, program);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static void freeCode(MemorySegment program) {
        try {
            Calls.FREECODE.invokeExact(program);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int setNonBlocking(long pcap, MemorySegment errors) {
        try {
            return (int) Calls.SETNONBLOCK.invokeExact(pcap, 1, errors);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int selectableFd(long pcap) {
        try {
            return (int) Calls.GET_SELECTABLE_FD.invokeExact(pcap);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** 1 with a packet, 0 without, less on failure. Stores a pointer to the packet header and one to the frame. */
    static int next(long pcap, MemorySegment header, MemorySegment data) {
        try {
            return (int) Calls.NEXT_EX.invokeExact(pcap, header, data);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int stats(long pcap, MemorySegment stats) {
        try {
            return (int) Calls.STATS.invokeExact(pcap, stats);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static String error(long pcap) {
        try {
            return memory().getString((long) Calls.GETERR.invokeExact(pcap));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static String statusText(int status) {
        try {
            return memory().getString((long) Calls.STATUSTOSTR.invokeExact(status));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** A handle that only compiles. */
    static long openDead(int dlt, int snaplen) {
        try {
            return (long) Calls.OPEN_DEAD.invokeExact(dlt, snaplen);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static void close(long pcap) {
        try {
            Calls.CLOSE.invokeExact(pcap);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** A downcall throws nothing. */
    private static AssertionError bug(Throwable failure) {
        return new AssertionError(failure);
    }

    @SuppressWarnings("restricted")
    private static Optional<SymbolLookup> load() {
        for (String name : NAMES) {
            try {
                return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
            } catch (IllegalArgumentException notThisName) {
                // the next may be there
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("restricted")
    private static MemorySegment allMemory() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... parameters) {
        return handle(name, FunctionDescriptor.of(result, parameters));
    }

    private static MethodHandle callVoid(String name, MemoryLayout... parameters) {
        return handle(name, FunctionDescriptor.ofVoid(parameters));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(LIBRARY.orElseThrow().findOrThrow(name), descriptor);
    }
}

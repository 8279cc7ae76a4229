package tirl.linux.capture;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import tirl.linux.libc.Downcalls;

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
    /** For errno, which nobody reads: libpcap has its own texts. */
    private static final MemorySegment STATE = Arena.global().allocate(Linker.Option.captureStateLayout());
    /** PCAP_NETMASK_UNKNOWN: an unsigned number of 32 bits. */
    private static final long NETMASK_UNKNOWN = 0xffff_ffffL;

    /** The handles, in a class of their own so that a missing library is an exception of ours, not a linkage error. */
    private static final class Calls {
        static final MethodHandle CREATE = call("pcap_create", 2);
        static final MethodHandle SET_SNAPLEN = call("pcap_set_snaplen", 2);
        static final MethodHandle SET_PROMISC = call("pcap_set_promisc", 2);
        static final MethodHandle SET_IMMEDIATE = call("pcap_set_immediate_mode", 2);
        static final MethodHandle SET_TIMEOUT = call("pcap_set_timeout", 2);
        static final MethodHandle SET_BUFFER_SIZE = call("pcap_set_buffer_size", 2);
        static final MethodHandle ACTIVATE = call("pcap_activate", 1);
        static final MethodHandle SETDIRECTION = call("pcap_setdirection", 2);
        static final MethodHandle SET_DATALINK = call("pcap_set_datalink", 2);
        static final MethodHandle DATALINK = call("pcap_datalink", 1);
        static final MethodHandle COMPILE = call("pcap_compile", 5);
        static final MethodHandle SETFILTER = call("pcap_setfilter", 2);
        static final MethodHandle FREECODE = call("pcap_freecode", 1);
        static final MethodHandle SETNONBLOCK = call("pcap_setnonblock", 3);
        static final MethodHandle GET_SELECTABLE_FD = call("pcap_get_selectable_fd", 1);
        static final MethodHandle NEXT_EX = Downcalls.withoutErrno(library(), "pcap_next_ex", 3);
        static final MethodHandle STATS = call("pcap_stats", 2);
        static final MethodHandle GETERR = call("pcap_geterr", 1);
        static final MethodHandle STATUSTOSTR = call("pcap_statustostr", 1);
        static final MethodHandle OPEN_DEAD = call("pcap_open_dead", 2);
        static final MethodHandle CLOSE = call("pcap_close", 1);

        private static MethodHandle call(String name, int parameters) {
            return Downcalls.withErrno(library(), name, parameters);
        }

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
            return (long) Calls.CREATE.invokeExact(STATE, Downcalls.address(device), Downcalls.address(errors));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static void configure(long pcap, int snaplen, int bufferSize) {
        try {
            // These fail on an active handle only.
            long _ = (long) Calls.SET_SNAPLEN.invokeExact(STATE, pcap, (long) snaplen)
                    + (long) Calls.SET_PROMISC.invokeExact(STATE, pcap, 0L)
                    + (long) Calls.SET_IMMEDIATE.invokeExact(STATE, pcap, 1L)
                    + (long) Calls.SET_TIMEOUT.invokeExact(STATE, pcap, 1L)
                    + (long) Calls.SET_BUFFER_SIZE.invokeExact(STATE, pcap, (long) bufferSize);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int activate(long pcap) {
        try {
            return (int) (long) Calls.ACTIVATE.invokeExact(STATE, pcap);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int setDirectionIn(long pcap) {
        try {
            return (int) (long) Calls.SETDIRECTION.invokeExact(STATE, pcap, (long) PCAP_D_IN);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int setDatalink(long pcap, int dlt) {
        try {
            return (int) (long) Calls.SET_DATALINK.invokeExact(STATE, pcap, (long) dlt);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int datalink(long pcap) {
        try {
            return (int) (long) Calls.DATALINK.invokeExact(STATE, pcap);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** Fills {@code program}, which {@link #freeCode} empties. */
    static int compile(long pcap, MemorySegment program, MemorySegment expression) {
        try {
            long optimize = 1;
            return (int) (long) Calls.COMPILE.invokeExact(
                    STATE, pcap, Downcalls.address(program), Downcalls.address(expression), optimize, NETMASK_UNKNOWN);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** Copies the program. */
    static int setFilter(long pcap, MemorySegment program) {
        try {
            return (int) (long) Calls.SETFILTER.invokeExact(STATE, pcap, Downcalls.address(program));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static void freeCode(MemorySegment program) {
        try {
            long _ = (long) Calls.FREECODE.invokeExact(STATE, Downcalls.address(program));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int setNonBlocking(long pcap, MemorySegment errors) {
        try {
            return (int) (long) Calls.SETNONBLOCK.invokeExact(STATE, pcap, 1L, Downcalls.address(errors));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int selectableFd(long pcap) {
        try {
            return (int) (long) Calls.GET_SELECTABLE_FD.invokeExact(STATE, pcap);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** 1 with a packet, 0 without, less on failure. Stores a pointer to the packet header and one to the frame. */
    static int next(long pcap, MemorySegment header, MemorySegment data) {
        try {
            return (int) (long) Calls.NEXT_EX.invokeExact(pcap, header.address(), data.address());
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static int stats(long pcap, MemorySegment stats) {
        try {
            return (int) (long) Calls.STATS.invokeExact(STATE, pcap, Downcalls.address(stats));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static String error(long pcap) {
        try {
            return memory().getString((long) Calls.GETERR.invokeExact(STATE, pcap));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static String statusText(int status) {
        try {
            return memory().getString((long) Calls.STATUSTOSTR.invokeExact(STATE, (long) status));
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    /** A handle that only compiles. */
    static long openDead(int dlt, int snaplen) {
        try {
            return (long) Calls.OPEN_DEAD.invokeExact(STATE, (long) dlt, (long) snaplen);
        } catch (Throwable failure) {
            throw bug(failure);
        }
    }

    static void close(long pcap) {
        try {
            long _ = (long) Calls.CLOSE.invokeExact(STATE, pcap);
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

    private static SymbolLookup library() {
        return LIBRARY.orElseThrow();
    }
}

package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Handles of C functions. For every shape (the types of the parameters and of the result) the JVM makes a stub and a dozen
 * classes at run time, so all have the shape of their number of parameters: each is a long, and so is the result.
 *
 * <p>Decision 0025 says why that is right: an {@code int} goes as the long of the same value, an {@code int} result is in
 * the lower half, and of a pointer the caller keeps the segment alive.
 */
public final class Downcalls {
    private Downcalls() {}

    /** (segment for errno, long...) to long. */
    public static MethodHandle withErrno(SymbolLookup library, String name, int parameters) {
        return handle(library, name, parameters, Linker.Option.captureCallState("errno"));
    }

    /** (long...) to long, for what is called for each packet. */
    public static MethodHandle withoutErrno(SymbolLookup library, String name, int parameters) {
        return handle(library, name, parameters);
    }

    /** Where the pointer to this points. Memory of Java's heap has no place that stays. */
    public static long address(MemorySegment segment) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("C cannot be given memory of the heap: " + segment);
        }
        return segment.address();
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(SymbolLookup library, String name, int parameters, Linker.Option... options) {
        MemoryLayout[] longs = new MemoryLayout[parameters];
        Arrays.fill(longs, JAVA_LONG);
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(JAVA_LONG, longs), options);
    }
}

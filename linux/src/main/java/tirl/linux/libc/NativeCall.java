package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What the seldom used system calls share: all of them return an int, below zero for a failure that errno explains. */
final class NativeCall {
    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private final String name;
    private final MethodHandle handle;

    @SuppressWarnings("restricted")
    NativeCall(String name, MemoryLayout... parameters) {
        this.name = name;
        Linker linker = Linker.nativeLinker();
        MethodHandle call = linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_INT, parameters),
                Linker.Option.captureCallState("errno"));
        // Spread over an array: slower, and these calls are made a few times in the life of a process.
        handle = call.asSpreader(1, Object[].class, parameters.length);
    }

    int invoke(Object... arguments) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        int result;
        try {
            result = (int) handle.invoke(state, arguments);
        } catch (Throwable failure) {
            throw new AssertionError(failure);
        }
        if (result < 0) {
            throw new LibcException(name, state.get(JAVA_INT, 0));
        }
        return result;
    }
}

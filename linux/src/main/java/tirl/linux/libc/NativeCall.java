package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What the seldom used system calls share: all of them return an int, below zero for a failure that errno explains. */
final class NativeCall {
    private static final ThreadLocal<MemorySegment> CALL_STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private final String name;
    private final MethodHandle handle;

    /** With none to three parameters, or five. */
    NativeCall(String name, int parameters) {
        this.name = name;
        handle = Downcalls.withErrno(Linker.nativeLinker().defaultLookup(), name, parameters);
    }

    int invoke() throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return checked((int) (long) handle.invokeExact(state), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    /** A pointer is a {@link Downcalls#address} of what the caller keeps alive. */
    int invoke(long argument) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return checked((int) (long) handle.invokeExact(state, argument), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    int invoke(long first, long second) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return checked((int) (long) handle.invokeExact(state, first, second), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    int invoke(long first, long second, long third) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return checked((int) (long) handle.invokeExact(state, first, second, third), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    int invoke(long first, long second, long third, long fourth, long fifth) throws LibcException {
        MemorySegment state = CALL_STATE.get();
        try {
            return checked((int) (long) handle.invokeExact(state, first, second, third, fourth, fifth), state);
        } catch (Throwable failure) {
            throw sorted(failure);
        }
    }

    private int checked(int result, MemorySegment state) throws LibcException {
        if (result < 0) {
            throw new LibcException(name, state.get(JAVA_INT, 0));
        }
        return result;
    }

    private static LibcException sorted(Throwable failure) {
        if (failure instanceof LibcException ours) {
            return ours;
        }
        throw new AssertionError(failure);
    }
}

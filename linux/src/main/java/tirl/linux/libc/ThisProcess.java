package tirl.linux.libc;

import java.lang.foreign.Arena;

/** System calls by which a process leaves the terminal and the directory it was started from. */
public final class ThisProcess {
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;

    private static final NativeCall SETSID = new NativeCall("setsid", 0);
    private static final NativeCall CHDIR = new NativeCall("chdir", 1);
    private static final NativeCall OPEN = new NativeCall("open", 2);
    private static final NativeCall DUP2 = new NativeCall("dup2", 2);

    private ThisProcess() {}

    /** Makes this process the leader of a session of its own; EPERM when it leads a process group already. */
    public static void startSession() throws LibcException {
        int _ = SETSID.invoke();
    }

    /** Changes the working directory, also for what Java resolves a relative path against when it opens a file. */
    public static void changeDirectory(String path) throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            int _ = CHDIR.invoke(Downcalls.address(arena.allocateFrom(path)));
        }
    }

    /** Connects standard input, output and error to /dev/null. */
    public static void silenceStandardStreams() throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            int nowhere = OPEN.invoke(Downcalls.address(arena.allocateFrom("/dev/null")), O_RDWR | O_CLOEXEC);
            for (int standard = 0; standard <= 2; standard++) {
                int _ = DUP2.invoke(nowhere, standard);
            }
            Libc.close(nowhere);
        }
    }
}

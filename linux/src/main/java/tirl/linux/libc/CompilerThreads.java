package tirl.linux.libc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The threads of this process in which the JVM compiles. */
public final class CompilerThreads {
    /** As the kernel has their names: cut after fifteen letters. */
    private static final String NAME = "C[12] CompilerThre";

    private static final Path THREADS = Path.of("/proc/self/task");
    private static final int PRIO_PROCESS = 0;
    /** A tenth of the weight of others, see sched(7). */
    private static final int NICE = 10;

    private static final NativeCall SETPRIORITY = new NativeCall("setpriority", 3);

    private CompilerThreads() {}

    /**
     * Has all others go first, of this process and of the host. A knock may be what makes the JVM compile once more, and that would keep
     * a processor for a turn of some milliseconds. What the JVM starts of them later is started by these, and inherits it. Needs no privilege.
     *
     * @return how many there are; 0 also where that cannot be found out
     */
    public static int goLast() {
        try (Stream<Path> threads = Files.list(THREADS)) {
            List<Path> compilers = threads.filter(CompilerThreads::isCompiler).toList();
            for (Path thread : compilers) {
                int _ = SETPRIORITY.invoke(PRIO_PROCESS, Integer.parseInt(String.valueOf(thread.getFileName())), NICE);
            }
            return compilers.size();
        } catch (IOException refused) {
            return 0;
        }
    }

    private static boolean isCompiler(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip().matches(NAME);
        } catch (IOException ended) {
            return false;
        }
    }
}

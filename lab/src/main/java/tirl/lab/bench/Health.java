package tirl.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tirl.lab.Command;
import tirl.lab.LabException;

/**
 * What a daemon holds.
 *
 * @param heapKilobytes that are in use after a collection
 * @param residentMegabytes RSS
 * @param descriptors open ones
 * @param threads all of them
 */
record Health(long heapKilobytes, double residentMegabytes, long descriptors, long threads) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long HEAP_GROWTH = 4_096;
    /** A connection to the control socket, or a file that is being written right now. */
    private static final long DESCRIPTOR_GROWTH = 3;

    private static final long THREAD_GROWTH = 3;

    static Health of(ProcessHandle process) {
        String pid = Long.toString(process.pid());
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        long heap = 0;
        // Young and old generation; the metaspace follows them and is counted as resident memory.
        for (int i = 0; i < 2 && used.find(); i++) {
            heap += Long.parseLong(used.group(1));
        }
        return new Health(
                heap,
                Usage.of(process).megabytes(),
                entries("/proc/" + pid + "/fd"),
                entries("/proc/" + pid + "/task"));
    }

    /** Whether nothing grew that should not; what it is told of goes to the standard output. */
    boolean isNoWorseThan(Health before, double residentGrowth) {
        boolean good = heapKilobytes <= before.heapKilobytes + HEAP_GROWTH
                && residentMegabytes <= before.residentMegabytes + residentGrowth
                && descriptors <= before.descriptors + DESCRIPTOR_GROWTH
                && threads <= before.threads + THREAD_GROWTH;
        System.out.println("held in the middle: " + before + "\nheld at the end:    " + this);
        return good;
    }

    private static String jcmd(String pid, String command) {
        String program = System.getProperty("java.home") + "/bin/jcmd";
        return Command.run(LIMIT, List.of(program, pid, command)).orThrow().out();
    }

    private static long entries(String directory) {
        try (Stream<Path> all = Files.list(Path.of(directory))) {
            return all.count();
        } catch (IOException e) {
            throw new LabException("could not count " + directory, e);
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "heap %,d KB, resident %.1f MB, %d descriptors, %d threads",
                heapKilobytes,
                residentMegabytes,
                descriptors,
                threads);
    }
}

package tirl.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
 * @param outsideMegabytes memory of its own beside the heap's: what leaks there no collection finds
 * @param fileMegabytes pages of files that it has read lately; they are let go after its start, and come back as they are used
 * @param residentMegabytes RSS, in which the heap may grow to its bound as it likes
 * @param descriptors open ones
 * @param threads all of them
 */
record Health(
        long heapKilobytes,
        double outsideMegabytes,
        double fileMegabytes,
        double residentMegabytes,
        long descriptors,
        long threads) {
    private static final Pattern HEAP = Pattern.compile("total (\\d+)K, used (\\d+)K");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long HEAP_GROWTH = 4_096;
    /** A connection to the control socket, or a file that is being written right now. */
    private static final long DESCRIPTOR_GROWTH = 3;

    private static final long THREAD_GROWTH = 3;
    private static final int LOOKS = 4;
    /** Longer than the daemon's interval, see daemon.options. */
    private static final int TRIMMED_MS = 12_000;

    static Health of(ProcessHandle process) {
        String pid = Long.toString(process.pid());
        jcmd(pid, "GC.run");
        Matcher heap = HEAP.matcher(jcmd(pid, "GC.heap_info"));
        long taken = 0;
        long used = 0;
        // Young and old generation; the metaspace follows them and is counted as resident memory.
        for (int i = 0; i < 2 && heap.find(); i++) {
            taken += Long.parseLong(heap.group(1));
            used += Long.parseLong(heap.group(2));
        }
        return new Health(
                used,
                Usage.memory(process, "RssAnon") - taken / 1024.0,
                Usage.memory(process, "RssFile"),
                Usage.memory(process, "VmRSS"),
                entries("/proc/" + pid + "/fd"),
                entries("/proc/" + pid + "/task"));
    }

    /**
     * The same when there is nothing to do: of several looks the one with the least beside the heap. What a compiler took for a moment is
     * given back within TrimNativeHeapInterval; what leaked is not.
     */
    static Health atRest(ProcessHandle process) {
        List<Health> looks = new ArrayList<>(List.of(look(process)));
        while (looks.size() < LOOKS) {
            Pace.millis(TRIMMED_MS);
            looks.add(look(process));
        }
        return Collections.min(looks, Comparator.comparingDouble(Health::outsideMegabytes));
    }

    private static Health look(ProcessHandle process) {
        Health now = of(process);
        System.out.println("at rest: " + now);
        return now;
    }

    /** Whether nothing grew that should not; what it is told of goes to the standard output. */
    boolean isNoWorseThan(Health before, double outsideGrowth) {
        boolean good = heapKilobytes <= before.heapKilobytes + HEAP_GROWTH
                && outsideMegabytes <= before.outsideMegabytes + outsideGrowth
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
                "heap %,d KB, outside of it %.1f MB, of files %.1f MB, resident %.1f MB, %d descriptors, %d threads",
                heapKilobytes,
                outsideMegabytes,
                fileMegabytes,
                residentMegabytes,
                descriptors,
                threads);
    }
}

package tirl.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tirl.lab.LabException;

/**
 * What a process has used so far.
 *
 * @param ownNs its own processor time
 * @param kernelNs what of it the kernel worked for it, in hundredths of a second
 * @param childrenNs that of its ended children
 * @param megabytes what it has resident now
 */
record Usage(long ownNs, long kernelNs, long childrenNs, double megabytes) {
    /** Linux counts in hundredths of a second here, whatever its own clock. */
    private static final long TICK_NS = 10_000_000;

    static Usage of(ProcessHandle process) {
        Path proc = Path.of("/proc/" + process.pid());
        try {
            String[] fields = Files.readString(proc.resolve("stat"))
                    .replaceFirst("(?s).*\\) ", "")
                    .split(" ", -1);
            long own = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_NS;
            long children = (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * TICK_NS;
            // Finer, but without the threads that have ended.
            return new Usage(
                    Math.max(own, threads(proc)), Long.parseLong(fields[12]) * TICK_NS, children, resident(proc));
        } catch (IOException e) {
            throw new LabException("process " + process.pid() + " is gone", e);
        }
    }

    private static long threads(Path proc) throws IOException {
        long sum = 0;
        List<Path> tasks;
        try (Stream<Path> all = Files.list(proc.resolve("task"))) {
            tasks = all.toList();
        }
        for (Path task : tasks) {
            sum += ran(task);
        }
        return sum;
    }

    private static long ran(Path task) throws IOException {
        try {
            return Long.parseLong(Files.readString(task.resolve("schedstat")).split(" ", -1)[0]);
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }

    private static double resident(Path proc) throws IOException {
        return Files.readAllLines(proc.resolve("status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / 1024.0;
    }

    /** Its own time and its children's since then, in microseconds. */
    double microsSince(Usage before) {
        return (ownNs - before.ownNs + childrenNs - before.childrenNs) / 1e3;
    }

    /** How much of its own time since then was the kernel's, in percent. */
    double kernelPercentSince(Usage before) {
        return 100.0 * (kernelNs - before.kernelNs) / Math.max(1, ownNs - before.ownNs);
    }

    /** Its own time since then, in microseconds. */
    double ownMicrosSince(Usage before) {
        return (ownNs - before.ownNs) / 1e3;
    }
}

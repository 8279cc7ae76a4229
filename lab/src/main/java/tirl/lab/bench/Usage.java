package tirl.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tirl.lab.LabException;
import tirl.lab.ProcessorTime;

/**
 * What a process has used so far.
 *
 * @param ownNs its own processor time, exact
 * @param kernelNs what of it the kernel worked for it, in hundredths of a second
 * @param childrenNs that of its ended children, in hundredths of a second
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
            long children = (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * TICK_NS;
            return new Usage(
                    ProcessorTime.ofProcess(process.pid()),
                    Long.parseLong(fields[12]) * TICK_NS,
                    children,
                    memory(process, "VmRSS"));
        } catch (IOException e) {
            throw new LabException("process " + process.pid() + " is gone", e);
        }
    }

    /** How much it has of one of the kinds that proc_pid_status(5) tells of, such as VmRSS; in megabytes. */
    static double memory(ProcessHandle process, String kind) {
        try {
            return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                            .filter(line -> line.startsWith(kind + ":"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .sum()
                    / 1024.0;
        } catch (IOException e) {
            throw new LabException("process " + process.pid() + " is gone", e);
        }
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

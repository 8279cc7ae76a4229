package tirl.linux.libc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Parts of files that this process has mapped to read or run them: programs, libraries, the caches of the JVM. What was read
 * of them once counts as its memory until the kernel lacks some, although the kernel has it anyway, for everybody.
 */
public final class MappedFiles {
    private static final Path SMAPS = Path.of("/proc/self/smaps");
    private static final int MADV_DONTNEED = 4;
    private static final int HEXADECIMAL = 16;

    private static final NativeCall MADVISE = new NativeCall("madvise", 3);

    private final Set<String> lines;

    private MappedFiles(Set<String> lines) {
        this.lines = lines;
    }

    /** Those that are there now, that nobody may write to, and of which no page is another than in the file. */
    public static MappedFiles now() throws IOException {
        return new MappedFiles(unchanged());
    }

    private static Set<String> unchanged() throws IOException {
        return unchanged(Files.readAllLines(SMAPS, StandardCharsets.ISO_8859_1));
    }

    /**
     * Lets go of the pages of those that were there then and are now, both times with no page of their own. Who reads one again gets it from the kernel, with some
     * others beside it, in a microsecond. Seconds must be between: while a library is being loaded, its pages to write to
     * look for a moment as those of its text.
     */
    public void letGo() throws IOException {
        for (String line : unchanged()) {
            if (lines.contains(line)) {
                letGo(line.substring(0, line.indexOf(' ')));
            }
        }
    }

    private static void letGo(String place) {
        String[] ends = place.split("-", 2);
        long from = Long.parseUnsignedLong(ends[0], HEXADECIMAL);
        long to = Long.parseUnsignedLong(ends[1], HEXADECIMAL);
        try {
            int _ = MADVISE.invoke(from, to - from, MADV_DONTNEED);
        } catch (LibcException locked) {
            // Whoever locked it in memory wants it there.
        }
    }

    /** Of proc_pid_smaps(5) the lines that proc_pid_maps(5) has, of those mappings. */
    static Set<String> unchanged(List<String> smaps) {
        Set<String> unchanged = new HashSet<>();
        String mapping = "";
        boolean changed = false;
        for (String line : smaps) {
            // Each mapping is one line as in maps, then some twenty of "Name: value", of which the flags are the last.
            if (line.startsWith("VmFlags:")) {
                if (!changed && isFileToRead(mapping)) {
                    unchanged.add(mapping);
                }
                mapping = "";
                changed = false;
            } else if (mapping.isEmpty()) {
                mapping = line;
            } else if (line.startsWith("Anonymous:") || line.startsWith("Swap:")) {
                changed |= !line.endsWith(" 0 kB");
            }
        }
        return unchanged;
    }

    private static boolean isFileToRead(String mapping) {
        return mapping.contains(" r-") && mapping.contains(" /");
    }
}

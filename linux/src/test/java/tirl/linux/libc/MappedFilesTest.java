package tirl.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedFilesTest {
    private static final int LENGTH = 4 << 20;
    private static final long PAGE = 4096;
    private static final Path SMAPS = Path.of("/proc/self/smaps");

    @TempDir
    private Path directory;

    @Test
    void fileThatWasRead_leavesMemoryAndReadsTheSame() throws IOException {
        byte[] bytes = new byte[LENGTH];
        new Random(7).nextBytes(bytes);
        Path file = Files.write(directory.resolve("read"), bytes);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, LENGTH, arena);
            assertThat(mapped.mismatch(MemorySegment.ofArray(bytes))).isEqualTo(-1);
            assertThat(residentKilobytes(file)).isEqualTo(LENGTH >> 10);
            MappedFiles.now().letGo();
            assertThat(residentKilobytes(file)).isZero();
            assertThat(mapped.mismatch(MemorySegment.ofArray(bytes))).isEqualTo(-1);
        }
    }

    @Test
    void privatePagesThatWereWritten_stay() throws IOException {
        Path file = Files.write(directory.resolve("written"), new byte[LENGTH]);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment mapped = channel.map(MapMode.PRIVATE, 0, LENGTH, arena);
            mapped.fill((byte) 1);
            MappedFiles.now().letGo();
            assertThat(residentKilobytes(file)).isEqualTo(LENGTH >> 10);
            assertThat(mapped.get(ValueLayout.JAVA_BYTE, LENGTH - 1)).isEqualTo((byte) 1);
        }
    }

    @Test
    void fileThatWasMappedLater_isLeftAlone() throws IOException {
        Path file = Files.write(directory.resolve("later"), new byte[LENGTH]);
        MappedFiles then = MappedFiles.now();
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, LENGTH, arena);
            mapped.load();
            then.letGo();
            assertThat(residentKilobytes(file)).isEqualTo(LENGTH >> 10);
        }
    }

    @Test
    void textOfTheJvm_leavesMemoryInPartAndRunsOn() throws IOException {
        // Whole, as what a compiler calls for meanwhile may otherwise be more than there was.
        readPages(libjvm());
        long before = residentKilobytes(libjvm());
        MappedFiles.now().letGo();
        assertThat(residentKilobytes(libjvm())).isLessThan(before);
        System.gc();
        assertThat(String.join("", List.of("still ", "here"))).isEqualTo("still here");
    }

    @Test
    void onlyWhatIsAsInItsFileAndNotWritable_isTaken() {
        String text = "7f00-7f10 r-xp 00000000 fe:00 1                    /lib/libc.so.6";
        String constants = "7f10-7f20 r--p 00010000 fe:00 1                    /lib/libc.so.6";
        String shared = "7f20-7f30 r--s 00000000 fe:00 2                    /runtime/lib/a b";
        String relocated = "7f30-7f40 r--p 00020000 fe:00 1                    /lib/libc.so.6";
        String swapped = "7f40-7f50 r--p 00020000 fe:00 3                    /lib/libm.so.6";
        String data = "7f50-7f60 rw-p 00030000 fe:00 1                    /lib/libc.so.6";
        String heap = "7f60-7f70 r--p 00000000 00:00 0 ";
        String vdso = "7f70-7f80 r-xp 00000000 00:00 0                    [vdso]";
        assertThat(MappedFiles.unchanged(List.of(
                        text,
                        "Rss: 4 kB",
                        "Anonymous:             0 kB",
                        "Swap:    0 kB",
                        "VmFlags: rd ex mr mw me ",
                        constants,
                        "Anonymous:             0 kB",
                        "Swap:    0 kB",
                        "VmFlags: rd mr mw me ",
                        shared,
                        "Anonymous:             0 kB",
                        "Swap:    0 kB",
                        "VmFlags: rd mr mw me ",
                        relocated,
                        "Anonymous:            16 kB",
                        "Swap:    0 kB",
                        "VmFlags: rd mr mw me ",
                        swapped,
                        "Anonymous:             0 kB",
                        "Swap:   20 kB",
                        "VmFlags: rd mr mw me ",
                        data,
                        "Anonymous:             0 kB",
                        "Swap:    0 kB",
                        "VmFlags: rd wr mr mw me ",
                        heap,
                        "Anonymous:             0 kB",
                        "Swap:    0 kB",
                        "VmFlags: rd mr mw me ",
                        vdso,
                        "Anonymous:             0 kB",
                        "Swap:    0 kB",
                        "VmFlags: rd ex mr mw me ")))
                .containsExactlyInAnyOrder(text, constants, shared);
    }

    private static Path libjvm() throws IOException {
        return Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so")
                .toRealPath();
    }

    @SuppressWarnings("restricted")
    private static void readPages(Path file) throws IOException {
        for (String line : Files.readAllLines(SMAPS, StandardCharsets.ISO_8859_1)) {
            if (line.endsWith(" " + file) && line.contains(" r-")) {
                String[] ends = line.substring(0, line.indexOf(' ')).split("-", 2);
                long from = Long.parseUnsignedLong(ends[0], 16);
                long length = Long.parseUnsignedLong(ends[1], 16) - from;
                MemorySegment mapping = MemorySegment.ofAddress(from).reinterpret(length);
                for (long page = 0; page < length; page += PAGE) {
                    byte _ = mapping.get(ValueLayout.JAVA_BYTE, page);
                }
            }
        }
    }

    /** Of all mappings of the file. */
    private static long residentKilobytes(Path file) throws IOException {
        long sum = 0;
        boolean ours = false;
        for (String line : Files.readAllLines(SMAPS, StandardCharsets.ISO_8859_1)) {
            if (line.endsWith(" " + file)) {
                ours = true;
            } else if (line.startsWith("VmFlags:")) {
                ours = false;
            } else if (ours && line.startsWith("Rss:")) {
                sum += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return sum;
    }
}

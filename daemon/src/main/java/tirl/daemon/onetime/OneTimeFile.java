package tirl.daemon.onetime;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A file with one sequence on each line; the first usable one counts until it is used. Using a line writes {@code #}
 * over its first byte, in place, as knockd does: a line should begin with a blank, because of {@code 7000,8000} there
 * remains {@code #000,8000}. Nothing else in the file is touched, so knockd may read it before and after.
 *
 * <p>One thread at a time; the file itself may be edited, or used by another tirl, at any time.
 */
public final class OneTimeFile<T> {
    private static final byte USED = '#';

    private final Path path;
    private final Function<String, Optional<List<T>>> parser;
    private final Consumer<String> warning;
    private final Set<String> warned = new HashSet<>();
    /** Lines that were used although the file could not be written: they stay used. */
    private final Set<String> spent = new HashSet<>();

    private Optional<OneTimeLine<T>> current = Optional.empty();

    private OneTimeFile(Path path, Function<String, Optional<List<T>>> parser, Consumer<String> warning) {
        this.path = path;
        this.parser = parser;
        this.warning = warning;
    }

    /**
     * Reads the file. {@code parser} gets a line without the blanks around it and knows nothing of comments;
     * {@code warning} gets a line for each unusable one, and one when the file has no sequence left.
     */
    public static <T> OneTimeFile<T> read(
            Path path, Function<String, Optional<List<T>>> parser, Consumer<String> warning) throws IOException {
        OneTimeFile<T> file = new OneTimeFile<>(path, parser, warning);
        file.reload();
        return file;
    }

    /** The sequence that counts now; empty when the file is used up. */
    public Optional<OneTimeLine<T>> current() {
        return current;
    }

    /** Takes the file as it is now. */
    public void reload() throws IOException {
        current = Optional.empty();
        current = firstUsable(bytes());
        if (current.isEmpty()) {
            warning.accept(path + ": no sequence is left; add lines, each with a blank before the first port");
        }
    }

    /**
     * Marks the line as used, on disk when this returns, and goes on to the next. After a failure no sequence counts
     * until {@link #reload}, and the line does not count again even then: rather shut out than let in twice.
     *
     * @return whether the line was still there to be used, and not used by another in the meantime
     */
    public boolean use(OneTimeLine<T> line) throws IOException {
        current = Optional.empty();
        boolean marked;
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
                FileLock _ = file.getChannel().lock()) {
            marked = mark(file, line);
        } catch (IOException e) {
            spent.add(line.text());
            throw e;
        }
        reload();
        return marked;
    }

    private boolean mark(RandomAccessFile file, OneTimeLine<T> line) throws IOException {
        // Read through the descriptor that holds the lock: closing another one of this file would end the lock.
        byte[] bytes = new byte[Math.toIntExact(file.length())];
        file.readFully(bytes);
        long offset = isAt(bytes, line.offset(), line.text()) ? line.offset() : find(bytes, line.text());
        if (offset < 0) {
            warning.accept(path + ":" + line.number() + ": this line was changed or used since it was read");
            return false;
        }
        file.seek(offset);
        file.write(USED);
        file.getFD().sync();
        return true;
    }

    private Optional<OneTimeLine<T>> firstUsable(byte[] bytes) {
        int number = 0;
        for (int start = 0; start < bytes.length; start = lineEnd(bytes, start) + 1) {
            number++;
            String text = text(bytes, start);
            String content = text.strip();
            if (content.isEmpty() || content.charAt(0) == USED || spent.contains(text)) {
                continue;
            }
            Optional<List<T>> sequence = parser.apply(content);
            if (sequence.isPresent()) {
                return Optional.of(new OneTimeLine<>(start, number, text, sequence.get()));
            }
            if (warned.add(number + " " + text)) {
                warning.accept(path + ":" + number + ": this is no sequence and is skipped");
            }
        }
        return Optional.empty();
    }

    /** Where a line with this text begins, for one that was moved by an edit; -1 for nowhere. */
    private static long find(byte[] bytes, String text) {
        for (int start = 0; start < bytes.length; start = lineEnd(bytes, start) + 1) {
            if (isAt(bytes, start, text)) {
                return start;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] bytes, long offset, String text) {
        boolean atLineStart = offset == 0 || (offset <= bytes.length && bytes[(int) offset - 1] == '\n');
        return atLineStart && text(bytes, (int) offset).equals(text);
    }

    private static String text(byte[] bytes, int start) {
        return new String(bytes, start, lineEnd(bytes, start) - start, StandardCharsets.ISO_8859_1);
    }

    private static int lineEnd(byte[] bytes, int start) {
        int end = start;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    private byte[] bytes() throws IOException {
        try {
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new IOException(path + ": no such file of one-time sequences", e);
        }
    }
}

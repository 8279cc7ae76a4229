package tirl.daemon.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** The text file in which versions before the store kept what is due: read once, and then taken away. */
final class JournalFile {
    private final Path path;

    JournalFile(Path directory) {
        path = directory.resolve("due");
    }

    boolean isThere() {
        return Files.isRegularFile(path);
    }

    /** What is still open in it; a line that was torn or damaged is skipped, with a word to {@code warning}. */
    List<Entry> entries(Consumer<String> warning) throws IOException {
        Map<Long, Entry> open = new LinkedHashMap<>();
        int number = 0;
        for (String text : text().lines().toList()) {
            number++;
            Optional<Line> line = Line.parse(text);
            if (line.isPresent()) {
                line.get().applyTo(open);
            } else {
                warning.accept(path + ":" + number
                        + ": this line is damaged and skipped; if it told of an open door, that door is not shut");
            }
        }
        return List.copyOf(open.values());
    }

    /** Tells this content from another one. */
    String digest() throws IOException {
        CRC32C checksum = new CRC32C();
        checksum.update(text().getBytes(StandardCharsets.UTF_8));
        return Long.toString(checksum.getValue());
    }

    private String text() throws IOException {
        // Undecodable bytes fail the checksum of their line.
        return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    }

    void remove() throws IOException {
        Files.delete(path);
    }
}

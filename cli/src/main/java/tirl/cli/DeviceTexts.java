package tirl.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Files of devices, by their names. */
final class DeviceTexts {
    static final String ENDING = ".toml";

    private DeviceTexts() {}

    /** What a request for an import has of these files, and of those in these directories. */
    static List<Map<String, Object>> read(List<Path> paths) throws IOException {
        List<Map<String, Object>> devices = new ArrayList<>();
        for (Path path : paths) {
            for (Path file : Files.isDirectory(path) ? inside(path) : List.of(path)) {
                devices.add(Map.of("name", name(file), "text", text(file)));
            }
        }
        return devices;
    }

    private static List<Path> inside(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(ENDING))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new IOException(folder + " has no file NAME" + ENDING);
            }
            return found;
        }
    }

    private static String name(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}

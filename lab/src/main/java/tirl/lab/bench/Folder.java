package tirl.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tirl.lab.LabException;

/** A directory of its owner only, gone at the end. */
record Folder(Path path) implements AutoCloseable {
    static Folder create() {
        try {
            return new Folder(Files.createTempDirectory("tlbench"));
        } catch (IOException e) {
            throw new LabException("could not make a directory", e);
        }
    }

    Path write(String name, String text) {
        try {
            Path file = Files.writeString(path.resolve(name), text);
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new LabException("could not write " + name, e);
        }
    }

    String at(String name) {
        return path.resolve(name).toString();
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new LabException("could not remove " + path, e);
        }
    }
}

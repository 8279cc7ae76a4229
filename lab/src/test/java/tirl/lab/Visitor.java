package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A person with a home directory of his own who uses the client's commands from one client's addresses. */
final class Visitor implements AutoCloseable {
    final Client client;
    private final Path home;

    Visitor(Client client) {
        this.client = client;
        try {
            home = Files.createTempDirectory("tl");
        } catch (IOException e) {
            throw new LabException("could not make a home", e);
        }
    }

    Path home() {
        return home;
    }

    /** Makes this the same person, or somebody who copied her home. */
    void take(Visitor other) {
        try (Stream<Path> files = Files.walk(other.home)) {
            for (Path file : files.skip(1).toList()) {
                Files.copy(
                        file,
                        home.resolve(other.home.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new LabException("could not copy " + other.home, e);
        }
    }

    /** Runs a command to its end. */
    Output run(String... words) {
        return client.run(words(words));
    }

    /** The same with {@code input} on its standard input. */
    Output told(String input, String... words) {
        client.prefer();
        return client.namespace().runWith(input, words(words));
    }

    /** The same, beside the test. */
    Background start(String... words) {
        client.prefer();
        return client.namespace().start(words(words));
    }

    private String[] words(String... words) {
        List<String> all = new ArrayList<>(List.of(
                "env", "-u", "XDG_CONFIG_HOME", "-u", "XDG_STATE_HOME", "HOME=" + home, TirlProcess.launcher()));
        all.addAll(Arrays.asList(words));
        return all.toArray(String[]::new);
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new LabException("could not remove " + home, e);
        }
    }
}

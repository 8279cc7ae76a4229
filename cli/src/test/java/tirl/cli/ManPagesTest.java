package tirl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The manual pages in docs/man say what {@code --help} says. {@code -Dtirl.man=write} makes them anew. */
class ManPagesTest {
    private static final Path FOLDER =
            Path.of("..", "docs", "man", "man1").toAbsolutePath().normalize();

    private static void collect(CommandLine command, Map<String, String> pages) {
        pages.put(ManPage.name(command.getCommandSpec()) + ".1", ManPage.of(command));
        command.getSubcommands().values().stream()
                .filter(sub -> !sub.getCommandName().equals("help"))
                .forEach(sub -> collect(sub, pages));
    }

    private static Map<String, String> kept() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.collect(Collectors.toMap(file -> file.getFileName().toString(), file -> {
                try {
                    return Files.readString(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
    }

    @Test
    void pages_sayWhatTheHelpSays() throws IOException {
        Map<String, String> pages = new TreeMap<>();
        collect(Main.commandLine(), pages);
        if ("write".equals(System.getProperty("tirl.man"))) {
            Files.createDirectories(FOLDER);
            for (String old : kept().keySet()) {
                Files.delete(FOLDER.resolve(old));
            }
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
            }
        }
        assertThat(kept())
                .as("make them anew: mvn test -pl cli -am -Dtest=ManPagesTest -Dtirl.man=write "
                        + "-Dsurefire.failIfNoSpecifiedTests=false")
                .isEqualTo(pages);
    }
}

package tirl.lab;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Pieces of configuration text. */
final class Doors {
    /** The first door that every site has; tests use it where any door will do. */
    static final int[] PLAIN = {7000, 8000, 9000};

    private Doors() {}

    static String service(String name, String... ports) {
        return "[[service]]\nname = \"" + name + "\"\nports = " + array(ports) + "\n";
    }

    /**
     * A door that opens ssh for 30 s, knocked within 15 s, unless a line says otherwise.
     *
     * @param sequence steps with blanks between
     * @param lines further keys of the door, in TOML
     */
    static String door(String name, String sequence, String... lines) {
        List<String> defaults = List.of("opens = [\"ssh\"]", "for = \"30s\"", "within = \"15s\"");
        Stream<String> unsaid = defaults.stream()
                .filter(text ->
                        Stream.of(lines).noneMatch(line -> line.startsWith(text.substring(0, text.indexOf('=')))));
        return "[[door]]\nname = \"" + name + "\"\nsequence = " + array(sequence.split(" ", -1)) + "\n"
                + Stream.concat(unsaid, Stream.of(lines)).collect(Collectors.joining("\n")) + "\n";
    }

    /** The service ssh and the door {@link #PLAIN}. */
    static String plain() {
        return service("ssh", "tcp/22") + door("plain", "tcp/7000 tcp/8000 tcp/9000");
    }

    private static String array(String... words) {
        return Stream.of(words).map(word -> '"' + word + '"').collect(Collectors.joining(", ", "[", "]"));
    }
}

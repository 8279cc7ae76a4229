package tirl.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import tirl.packet.Transport;

/** Ports by name, as the file services(5) has them; Java has no other way to ask. */
public final class ServiceNames {
    private static final Path SYSTEM = Path.of("/etc/services");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final List<String> lines;

    ServiceNames(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    /** The host's own file; without one no name is known. */
    public static ServiceNames ofHost() {
        try {
            return new ServiceNames(Files.readAllLines(SYSTEM));
        } catch (IOException e) {
            return new ServiceNames(List.of());
        }
    }

    /** The port of a service, by its name or an alias. */
    public OptionalInt port(String name, Transport transport) {
        String suffix = transport == Transport.UDP ? "/udp" : "/tcp";
        for (String line : lines) {
            List<String> words =
                    List.of(BLANKS.split(line.replaceFirst("#.*", "").strip(), 0));
            if (words.size() < 2 || !words.get(1).endsWith(suffix)) {
                continue;
            }
            boolean named = words.getFirst().equals(name)
                    || words.subList(2, words.size()).contains(name);
            String number = words.get(1).substring(0, words.get(1).length() - suffix.length());
            if (named && number.matches("\\d{1,5}")) {
                return OptionalInt.of(Integer.parseInt(number));
            }
        }
        return OptionalInt.empty();
    }
}

package tirl.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import tirl.packet.Transport;

/** Ports by name, as the file services(5) has them; Java has no other way to ask. */
public final class ServiceNames {
    private static final Path SYSTEM = Path.of("/etc/services");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final Supplier<List<String>> lines;

    ServiceNames(List<String> lines) {
        this.lines = () -> lines;
    }

    private ServiceNames(Supplier<List<String>> lines) {
        this.lines = lines;
    }

    /** The host's own file, read when a name is asked for; without one no name is known. */
    public static ServiceNames ofHost() {
        return new ServiceNames(ServiceNames::read);
    }

    private static List<String> read() {
        try {
            return Files.readAllLines(SYSTEM);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The port of a service, by its name or an alias. */
    public OptionalInt port(String name, Transport transport) {
        String suffix = transport == Transport.UDP ? "/udp" : "/tcp";
        for (String line : lines.get()) {
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

package tirl.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tirl.lab.Command;
import tirl.lab.LabException;

/** Where and when it was measured. */
final class Machine {
    private Machine() {}

    static String head(String command) throws IOException {
        double load = load();
        int cores = Runtime.getRuntime().availableProcessors();
        return String.format(
                Locale.ROOT,
                """
                # What was measured

                This page is written by `%s`; do not edit it. tirl, knockd and fwknopd run one after the other in network
                namespaces of one machine. What each line means is in [scale.md](../docs/scale.md).

                - when: %s
                - machine: %s, %d processors, Linux %s, load %.2f at the start%s
                - programs: tirl by %s, %s
                """,
                command,
                ZonedDateTime.now(ZoneOffset.UTC)
                        .format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT)),
                processor(),
                cores,
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(),
                load,
                load > 0.3 * cores ? " (**busy: the figures are rough**)" : "",
                Runtime.version(),
                packages());
    }

    static double load() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0]);
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: *", ""))
                .findFirst()
                .orElse("unknown");
    }

    private static String packages() {
        String text = Command.run(
                        Duration.ofSeconds(10),
                        List.of("dpkg-query", "-W", "-f", "${Package} ${Version}, ", "knockd", "fwknop-server"))
                .out();
        if (text.isBlank()) {
            throw new LabException("knockd and fwknop-server are not installed as packages");
        }
        return text.replaceFirst(", $", "");
    }
}

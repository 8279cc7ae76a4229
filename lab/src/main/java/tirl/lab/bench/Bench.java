package tirl.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** This program beside knockd and fwknopd, in one run and in namespaces: {@code Bench [ROW...]}, all without arguments. */
public final class Bench {
    private static final List<Row> ROWS = List.of(
            new LatencyRow(),
            new RateRow(),
            new ForgedRow(),
            new GarbageRow(),
            new PairsRow(),
            new StanzasRow(),
            new DevicesRow(),
            new DigestsRow(),
            new LeasesRow(),
            new StartRow());

    private Bench() {}

    /** Variables: ROUNDS for a quick run of so many, RESULTS for another file than {@code bench/results.md}. */
    public static void main(String[] args) throws IOException {
        List<String> asked = List.of(args);
        List<String> known = ROWS.stream().map(Row::name).toList();
        if (!known.containsAll(asked)) {
            System.err.println("there are the rows " + String.join(", ", known));
            System.exit(2);
        }
        Compilers.goLast();
        Scale scale = Scale.of(variable("ROUNDS").orElse(""));
        String head = Machine.head(
                "make bench" + variable("ROUNDS").map(n -> " ROUNDS=" + n).orElse("")
                        + (asked.isEmpty() ? "" : " ROWS=\"" + String.join(" ", asked) + "\""));
        System.out.println(head);
        Report report = new Report();
        for (Row row : ROWS) {
            if (asked.isEmpty() || asked.contains(row.name())) {
                System.out.println("-- " + row.name());
                try {
                    row.measure(report, scale);
                } catch (RuntimeException e) {
                    report.failed(row.name(), e);
                }
            }
        }
        String page = report.markdown(head);
        System.out.println("\n" + page);
        // A part of the table is not what the page promises.
        Optional<Path> file = asked.isEmpty()
                ? Optional.of(Path.of(variable("RESULTS").orElse("bench/results.md")))
                : variable("RESULTS").map(Path::of);
        if (file.isPresent()) {
            Files.createDirectories(file.get().toAbsolutePath().getParent());
            Files.writeString(file.get(), page);
            System.out.println("written to " + file.get());
        }
        System.exit(report.isWhole() ? 0 : 1);
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }
}

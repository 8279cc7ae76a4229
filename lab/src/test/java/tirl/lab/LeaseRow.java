package tirl.lab;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One lease as {@code tirl leases --json} prints it; a field that is missing fails the test.
 *
 * @param left seconds
 */
record LeaseRow(String id, String source, String door, List<String> ports, double left) {
    LeaseRow {
        ports = List.copyOf(ports);
    }

    /** All leases of a daemon. */
    static List<LeaseRow> of(TirlProcess tirl) {
        return Json.array(tirl.control("leases", "--json").orThrow().out()).stream()
                .map(LeaseRow::read)
                .toList();
    }

    private static LeaseRow read(Map<String, Object> row) {
        List<String> ports =
                ((List<?>) field(row, "ports")).stream().map(Object::toString).toList();
        return new LeaseRow(
                field(row, "id").toString(),
                field(row, "source").toString(),
                field(row, "door").toString(),
                ports,
                ((Number) field(row, "left")).doubleValue());
    }

    private static Object field(Map<String, Object> row, String name) {
        return Objects.requireNonNull(row.get(name), () -> "no field \"" + name + "\" in " + row);
    }
}

package tirl.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.jr.ob.JSON;

/**
 * One lease as the kernel has it: an element of the sets that the rules look into.
 *
 * @param label who asked; the comment of the element
 * @param seconds its whole time
 */
record KernelLease(String source, String port, String label, int seconds) {
    /** All of them. */
    static List<KernelLease> of(Namespace server) {
        List<KernelLease> leases = new ArrayList<>();
        for (String set : List.of("open4", "open6")) {
            Map<String, Object> answer = JSON.std.mapFrom(server.ask("nft", "-j", "list", "set", "inet", "tirl", set));
            for (Object part : list(answer.get("nftables"))) {
                Object described = map(part).get("set");
                if (described != null) {
                    Object elements = map(described).getOrDefault("elem", List.of());
                    list(elements).forEach(elem -> leases.add(read(elem)));
                }
            }
        }
        return leases;
    }

    private static KernelLease read(@Nullable Object element) {
        Map<?, ?> fields = map(map(element).get("elem"));
        List<?> key = list(map(fields.get("val")).get("concat"));
        return new KernelLease(
                key.get(0).toString(),
                key.get(1) + "/" + key.get(2),
                Objects.toString(fields.get("comment"), ""),
                ((Number) Objects.requireNonNull(fields.get("timeout"))).intValue());
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> map(@Nullable Object any) {
        return (Map<Object, Object>) Objects.requireNonNull(any);
    }

    private static List<?> list(@Nullable Object any) {
        return (List<?>) Objects.requireNonNull(any);
    }
}

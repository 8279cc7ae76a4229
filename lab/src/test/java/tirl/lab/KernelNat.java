package tirl.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.jr.ob.JSON;

/**
 * Where a leased port leads, as the kernel has it: an element of the maps beside the leases.
 *
 * @param where {@code address:port}, or {@code :port} on this host
 */
record KernelNat(String source, String port, String where) {
    /** All of IPv4. */
    static List<KernelNat> of(Namespace server) {
        List<KernelNat> nats = new ArrayList<>();
        for (String name : List.of("nat_to4", "nat_here4")) {
            Map<String, Object> answer = JSON.std.mapFrom(server.ask("nft", "-j", "list", "map", "inet", "tirl", name));
            for (Object part : list(answer.get("nftables"))) {
                Object described = map(part).get("map");
                if (described != null) {
                    Object elements = map(described).getOrDefault("elem", List.of());
                    list(elements).forEach(pair -> nats.add(read(list(pair))));
                }
            }
        }
        return nats;
    }

    private static KernelNat read(List<?> pair) {
        List<?> key = list(map(map(map(pair.get(0)).get("elem")).get("val")).get("concat"));
        String where = ":" + pair.get(1);
        if (pair.get(1) instanceof Map<?, ?> both) {
            List<?> addressAndPort = list(both.get("concat"));
            where = addressAndPort.get(0) + ":" + addressAndPort.get(1);
        }
        return new KernelNat(Objects.toString(key.get(0)), key.get(1) + "/" + key.get(2), where);
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> map(@Nullable Object any) {
        return (Map<Object, Object>) Objects.requireNonNull(any);
    }

    private static List<?> list(@Nullable Object any) {
        return (List<?>) Objects.requireNonNull(any);
    }
}

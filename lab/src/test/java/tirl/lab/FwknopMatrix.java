package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sends the packet of every row by the real client to one daemon, and finds in the kernel and on disk what came of each. */
final class FwknopMatrix {
    static final List<String> DIGESTS = List.of("md5", "sha1", "sha256", "sha384", "sha512", "sha3_256", "sha3_512");

    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final Duration SETTLED = Duration.ofSeconds(60);
    private static final int SHOWN = 5;

    private final FwknopFolder files;
    private final List<FwknopStanza> stanzas = new ArrayList<>();
    private final List<FwknopRow> rows = new ArrayList<>();
    private final Path marks;

    FwknopMatrix(Path folder) {
        files = new FwknopFolder(folder);
        files.conf(
                "PCAP_FILTER port 62201 or icmp",
                "ENABLE_TCP_SERVER Y",
                "ENABLE_SPA_OVER_HTTP Y",
                "ENABLE_IPT_FORWARDING Y",
                "ENABLE_IPT_LOCAL_NAT Y");
        try {
            marks = Files.createDirectory(folder.resolve("marks"));
        } catch (IOException e) {
            throw new LabException("no folder for marks", e);
        }
    }

    /** Adds a stanza; it gets the line that it begins at. */
    FwknopStanza stanza(IntFunction<FwknopStanza> at) {
        int line = 1;
        for (FwknopStanza before : stanzas) {
            line += (int) before.text().lines().count();
        }
        FwknopStanza stanza = at.apply(line);
        stanzas.add(stanza);
        return stanza;
    }

    void row(FwknopStanza stanza, String digest, FwknopRow.Kind kind, FwknopRow.Carrier carrier) {
        rows.add(new FwknopRow(rows.size(), stanza, digest, kind, carrier, marks.toString()));
    }

    /** Every row gets what it asks for; how many there were. */
    int assertAll() {
        files.access(stanzas.stream().map(FwknopStanza::text).collect(Collectors.joining()));
        try (Site site = files.start()) {
            try (Background clients = site.network.clients().startWith(script(site.ipv4()), "sh")) {
                clients.exit(LIMIT);
                assertThat(clients.out().lines().filter(line -> line.startsWith("failed:")))
                        .as("clients that failed: " + clients.err())
                        .isEmpty();
            }
            Await.until(
                    () -> "an effect of each row, and none of " + missing(site) + "; the log:\n" + tail(site),
                    SETTLED,
                    () -> missing(site).isEmpty());
            assertThat(stanzas.stream().flatMap(FwknopStanza::secrets).filter(site.tirl.log()::contains))
                    .as("keys in the log")
                    .isEmpty();
        }
        print();
        return rows.size();
    }

    private String script(String server) {
        return rows.stream()
                .map(row -> row.commandLine(server) + " || echo failed: " + row.id())
                .collect(Collectors.joining("\n"));
    }

    private List<FwknopRow> missing(Site site) {
        Set<KernelLease> leases = new HashSet<>(KernelLease.of(site.network.server()));
        Set<KernelNat> nats = new HashSet<>(KernelNat.of(site.network.server()));
        Set<String> made = names();
        return rows.stream()
                .filter(row -> !row.lease().map(leases::contains).orElse(true)
                        || !row.nat().map(nats::contains).orElse(true)
                        || !row.made().map(made::contains).orElse(true))
                .limit(SHOWN)
                .toList();
    }

    private Set<String> names() {
        try (Stream<Path> files = Files.list(marks)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new LabException("could not list " + marks, e);
        }
    }

    private static String tail(Site site) {
        List<String> log = site.tirl.log().lines().toList();
        return String.join("\n", log.subList(Math.max(0, log.size() - 20), log.size()));
    }

    private void print() {
        Map<FwknopRow.Carrier, Map<FwknopRow.Kind, Integer>> table = new EnumMap<>(FwknopRow.Carrier.class);
        for (FwknopRow row : rows) {
            table.computeIfAbsent(row.carrier(), _ -> new EnumMap<>(FwknopRow.Kind.class))
                    .merge(row.kind(), 1, Integer::sum);
        }
        table.forEach((carrier, kinds) -> System.out.println("fwknop over " + carrier + ": " + kinds));
        System.out.println(rows.size() + " combinations of the fwknop client 2.6.10, with " + stanzas.size()
                + " stanzas, got what they asked for of tirl");
    }

    /** None, and each type of HMAC that there is. */
    static List<Optional<String>> hmacs() {
        List<Optional<String>> hmacs = new ArrayList<>(List.of(Optional.empty()));
        DIGESTS.forEach(type -> hmacs.add(Optional.of(type)));
        return hmacs;
    }
}

package tirl.daemon.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import tirl.config.Config.FirewallMode;
import tirl.config.Config.FwknopNat;
import tirl.config.Problem;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.AccessParser;
import tirl.fwknop.access.Finding;
import tirl.fwknop.access.FwknopdConf;
import tirl.fwknop.access.FwknopdConfParser;
import tirl.fwknop.access.FwknopdVariable;
import tirl.fwknop.access.Include;
import tirl.fwknop.access.Inclusions;
import tirl.fwknop.access.Stanza;

/**
 * What fwknopd's files say now. The keys in it belong to one thread.
 *
 * @param directory of fwknopd.conf
 * @param stanzas in the order in which they are tried
 * @param findings of which errors mean that nothing can be served by them
 */
public record FwknopFiles(Path directory, FwknopdConf conf, List<Stanza> stanzas, List<Finding> findings) {
    /** Where Debian has them. */
    public static final Path DEFAULT_DIRECTORY = Path.of("/etc/fwknop");

    public FwknopFiles {
        stanzas = List.copyOf(stanzas);
        findings = List.copyOf(findings);
    }

    /** Reads fwknopd.conf, and access.conf with all that it includes. Never throws for what is in them. */
    public static FwknopFiles read(Path directory) {
        List<Finding> findings = new ArrayList<>();
        Path file = directory.resolve("fwknopd.conf");
        Optional<byte[]> content = content(file, findings);
        if (content.isEmpty()) {
            return new FwknopFiles(directory, FwknopdConf.standard(), List.of(), findings);
        }
        FwknopdConfParser.Result daemon = FwknopdConfParser.parse(file.toString(), content.get());
        findings.addAll(daemon.findings());
        FwknopdConf conf = daemon.conf();
        findings.addAll(FwknopUnused.of(file.toString(), new String(content.get(), StandardCharsets.ISO_8859_1), conf));
        Inclusions inclusions = include -> find(directory, include, findings);
        List<Stanza> stanzas = new ArrayList<>();
        for (AccessFile access : access(directory, conf, inclusions, findings)) {
            AccessParser.Result result = AccessParser.parse(access, conf, inclusions, ZoneId.systemDefault());
            findings.addAll(result.findings());
            stanzas.addAll(result.stanzas());
        }
        stanzas.forEach(stanza -> FwknopUnused.of(stanza).forEach(findings::add));
        return new FwknopFiles(directory, conf, stanzas, findings);
    }

    /** ACCESS_FOLDER takes the place of access.conf, as with fwknopd. */
    static List<AccessFile> access(Path directory, FwknopdConf conf, Inclusions inclusions, List<Finding> findings) {
        Optional<String> folder = conf.text(FwknopdVariable.ACCESS_FOLDER);
        if (folder.isPresent()) {
            return switch (inclusions.find(new Include(Include.Kind.FOLDER, folder.get()))) {
                case Inclusions.Found.Files(List<AccessFile> files) -> files;
                case Inclusions.Found.Missing(String why) -> {
                    findings.add(error(folder.get(), why));
                    yield List.of();
                }
            };
        }
        boolean elsewhere = conf.isGiven(FwknopdVariable.ACCESS_FILE) || conf.isGiven(FwknopdVariable.FWKNOP_CONF_DIR);
        Path file = directory.resolve(elsewhere ? conf.accessFile() : "access.conf");
        return content(file, findings).map(bytes -> AccessFile.read(file.toString(), bytes)).stream()
                .toList();
    }

    static Inclusions.Found find(Path directory, Include include, List<Finding> findings) {
        Path path = directory.resolve(include.path());
        try {
            if (include.kind() != Include.Kind.FOLDER) {
                warnIfReadable(path, findings);
                return new Inclusions.Found.Files(List.of(AccessFile.read(path.toString(), Files.readAllBytes(path))));
            }
            List<AccessFile> all = new ArrayList<>();
            try (Stream<Path> files = Files.list(path)) {
                for (Path file : files.filter(file -> file.toString().endsWith(".conf"))
                        .sorted()
                        .toList()) {
                    warnIfReadable(file, findings);
                    all.add(AccessFile.read(file.toString(), Files.readAllBytes(file)));
                }
            }
            return new Inclusions.Found.Files(all);
        } catch (IOException e) {
            return new Inclusions.Found.Missing(path + " cannot be read: " + e.getMessage());
        }
    }

    private static Optional<byte[]> content(Path file, List<Finding> findings) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (!file.endsWith("fwknopd.conf")) {
                warnIfReadable(file, findings);
            }
            return Optional.of(bytes);
        } catch (IOException e) {
            findings.add(error(file.toString(), "cannot be read: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private static void warnIfReadable(Path file, List<Finding> findings) throws IOException {
        if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
            findings.add(new Finding(
                    file.toString(),
                    new Problem(
                            Problem.Severity.WARNING,
                            0,
                            0,
                            "everybody on this host can read the keys in it; chmod 600 " + file)));
        }
    }

    private static Finding error(String file, String message) {
        return new Finding(file, new Problem(Problem.Severity.ERROR, 0, 0, message));
    }

    public boolean isUsable() {
        return findings.stream().noneMatch(Finding::isError);
    }

    /** The errors in one line. */
    public String errors() {
        return String.join(
                "; ",
                findings.stream()
                        .filter(Finding::isError)
                        .map(Finding::toString)
                        .toList());
    }

    /** Where packets come, in the syntax of pcap-filter(7). */
    public String filter() {
        return filter(conf);
    }

    static String filter(FwknopdConf conf) {
        return conf.is(FwknopdVariable.ENABLE_UDP_SERVER)
                ? "udp dst port " + conf.number(FwknopdVariable.UDPSERV_PORT)
                : conf.text(FwknopdVariable.PCAP_FILTER).orElseThrow();
    }

    /** Where requests may lead with such a firewall. */
    public FwknopNat nat(FirewallMode firewall) {
        if (firewall == FirewallMode.IPTABLES || (!conf.forwarding() && !conf.localNat())) {
            return FwknopNat.NONE;
        }
        return conf.forwarding() ? FwknopNat.FORWARD : FwknopNat.LOCAL;
    }

    /**
     * UDP ports where nothing else is: a server's own, and fwknop's number where the filter asks for it. At any other port of a
     * filter there may be somebody, who must not be cut off.
     */
    public List<Integer> silentPorts() {
        if (conf.is(FwknopdVariable.ENABLE_UDP_SERVER)) {
            return List.of(conf.number(FwknopdVariable.UDPSERV_PORT));
        }
        List<String> words = words(filter());
        boolean udp = words.contains("udp") || !words.contains("tcp");
        return udp && words.contains("62201") ? List.of(62_201) : List.of();
    }

    static List<String> words(String filter) {
        return Arrays.asList(filter.split("[\\s()]+", -1));
    }

    /** Where connections are accepted, so that clients can send in them what the capture then hears. */
    public OptionalInt tcpPort() {
        return conf.is(FwknopdVariable.ENABLE_TCP_SERVER)
                ? OptionalInt.of(conf.number(FwknopdVariable.TCPSERV_PORT))
                : OptionalInt.empty();
    }
}

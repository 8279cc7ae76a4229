package tirl.importer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tirl.door.ServicePort;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.Ancestor;
import tirl.fwknop.access.ConfLine;
import tirl.importer.ImportLine.Fate;

/**
 * Writes a tirl.toml that does what fwknop 1.9 did with knock sequences and mail. Its SPA packets are another format than those
 * of 2.x; what takes their place is said, and nothing of it opens.
 */
public final class LegacyFwknopImporter {
    /** What {@link LegacyMail} and this class say more of. */
    private static final Set<String> TOLD =
            Set.of("EMAIL_ADDRESSES", "ALERTING_METHODS", "PCAP_INTF", "AUTH_MODE", "BLACKLIST");

    private static final String PUBLIC = """
            # better: the ports that everybody may use, so that their packets spoil no sequence.
            # public = ["tcp/80", "tcp/443"]
            """;

    private static final String DEVICES = """

            # Instead of SPA packets of fwknop 1.9, either tirl's own (README, "One packet instead of a sequence"):
            # [spa]
            # name = "the name of this host"
            # then `tirl invite NAME --service SERVICE` for each client; or clients of fwknop 2.x (docs/fwknop.md):
            # [fwknop]
            # directory = "/etc/fwknop"
            # A port that they open needs a [[service]] above. Do this last: it shuts the port to everybody else.
            """;

    private final LegacyConf conf;
    private final AccessFile access;
    private final List<ImportLine> report = new ArrayList<>();

    private LegacyFwknopImporter(LegacyConf conf, AccessFile access) {
        this.conf = conf;
        this.access = access;
    }

    /**
     * Converts fwknop 1.9's files. A file without a stanza gives no configuration.
     *
     * @param daemon fwknop.conf
     */
    public static ImportReport convert(Optional<AccessFile> daemon, AccessFile access) {
        List<LegacyStanza> stanzas = LegacyStanza.of(access);
        return stanzas.isEmpty()
                ? new ImportReport(
                        "",
                        List.of(new ImportLine(
                                access.name(), 0, Fate.NOT_CONVERTIBLE, "there is no stanza: none begins with SOURCE")))
                : new LegacyFwknopImporter(LegacyConf.of(daemon), access).convert(stanzas);
    }

    private ImportReport convert(List<LegacyStanza> stanzas) {
        NavigableSet<ServicePort> services = new TreeSet<>();
        StringBuilder doors = new StringBuilder();
        StringBuilder spa = new StringBuilder();
        for (LegacyStanza stanza : stanzas) {
            switch (stanza.kind()) {
                case SHARED_SEQUENCE -> {
                    LegacyDoor door = new LegacyDoor(stanza, report);
                    doors.append(door.toml());
                    services.addAll(door.ports());
                }
                case ENCRYPTED_SEQUENCE, SPA -> spa.append(new LegacySpa(stanza, report).toml());
            }
        }
        beforeStanzas(stanzas.getFirst().line());
        boolean knocks = !doors.isEmpty();
        String interfaces = interfaces(knocks);
        authMode(knocks);
        blacklist();
        String mail = new LegacyMail(conf, report).toml();
        conf.lines().forEach(this::line);
        if (knocks) {
            general();
        }
        report.sort(Comparator.comparing((ImportLine line) -> line.line() == 0)
                .thenComparing(line -> line.file().equals(access.name()))
                .thenComparingInt(ImportLine::line));
        return new ImportReport(
                "# Made from the files of fwknop 1.9. Suggestions are comments that begin with \"better:\".\n\n[daemon]\n"
                        + "interfaces = " + interfaces + "\n" + FirewallChoice.TOML
                        + (knocks ? PUBLIC : "")
                        + PortServices.toml(services) + doors + mail + (spa.isEmpty() ? "" : DEVICES + spa),
                report);
    }

    private void beforeStanzas(int first) {
        for (ConfLine line : access.lines()) {
            if (line.line() < first) {
                say(access.name(), line, Fate.DROPPED, line.variable() + ": it stands before the first SOURCE");
            }
        }
    }

    private String interfaces(boolean knocks) {
        boolean any = knocks && (conf.takesKnocks() || conf.text("PCAP_INTF").isEmpty());
        String list = Toml.list(List.of(any ? "any" : conf.text("PCAP_INTF").orElse("eth0")));
        conf.line("PCAP_INTF")
                .ifPresent(line -> say(
                        conf.file(),
                        line,
                        any ? Fate.CHANGED : Fate.CONVERTED,
                        "PCAP_INTF: interfaces = " + list
                                + (any
                                        ? ": knocks came from the firewall's log, which has those of every interface"
                                        : "")));
        return list;
    }

    private void authMode(boolean knocks) {
        conf.line("AUTH_MODE")
                .ifPresent(line -> say(
                        conf.file(),
                        line,
                        knocks && !conf.takesKnocks() ? Fate.CHANGED : Fate.DROPPED,
                        knocks && !conf.takesKnocks()
                                ? "AUTH_MODE " + line.trimmed()
                                        + " took SPA packets only, so no sequence opened anything; the doors of this file do: take"
                                        + " away those that are not wanted"
                                : "AUTH_MODE: tirl captures packets, and needs neither the firewall's log nor a mode"));
    }

    private void blacklist() {
        conf.line("BLACKLIST")
                .ifPresent(line -> say(
                        conf.file(),
                        line,
                        line.trimmed().equalsIgnoreCase("NONE") ? Fate.DROPPED : Fate.NOT_CONVERTIBLE,
                        line.trimmed().equalsIgnoreCase("NONE")
                                ? "BLACKLIST: nobody was on it"
                                : "BLACKLIST: a door opens to whoever knows its sequence; keep these addresses out by a rule of"
                                        + " your firewall"));
    }

    private void line(ConfLine line) {
        String name = line.variable();
        if (name.equals("FIREWALL_TYPE") && line.trimmed().equalsIgnoreCase("external_cmd")) {
            say(
                    conf.file(),
                    line,
                    Fate.NOT_CONVERTIBLE,
                    "FIREWALL_TYPE external_cmd: commands opened for every stanza; a door opens OPEN_PORTS itself, or has `start`"
                            + " and `stop`");
        } else if (!TOLD.contains(name)) {
            say(
                    conf.file(),
                    line,
                    Fate.DROPPED,
                    name + ": "
                            + Ancestor.sharedWithFwknopdConf(name)
                                    .orElse("it is no variable of fwknop 1.9, which ignores it"));
        }
    }

    private void general() {
        report.add(new ImportLine(
                0,
                Fate.CONVERTED,
                "as with fwknop any other knock spoils a sequence (strict = true, the usual); with tirl it may begin it anew, and"
                        + " touching a port that is open to everybody counts too: name those in `public`"));
        report.add(
                new ImportLine(
                        0,
                        Fate.CHANGED,
                        "the iptables rules that logged knocks are not needed any more; rules that drop may stay: firewall = \"join\""));
    }

    private void say(String file, ConfLine line, Fate fate, String text) {
        report.add(new ImportLine(file, line.line(), fate, text));
    }
}

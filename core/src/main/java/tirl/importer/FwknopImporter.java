package tirl.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import tirl.door.ServicePort;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.ConfLine;
import tirl.fwknop.access.Finding;
import tirl.fwknop.access.FwknopdVariable;
import tirl.fwknop.access.Stanza;
import tirl.importer.ImportLine.Fate;

/**
 * Writes a tirl.toml for the configuration of fwknop 2.x. Its files stay what they are, and tirl reads them: keys are in one
 * place, and fwknopd can be switched on again.
 */
public final class FwknopImporter {
    private static final String NO_PORTS = """

            # No stanza has OPEN_PORTS: name the ports that clients open, so that they are shut to others.
            # [[service]]
            # name = "ssh"
            # ports = ["tcp/22"]
            """;

    private final FwknopSource source;
    private final NavigableSet<ServicePort> guarded = new TreeSet<>();
    private final List<ImportLine> report = new ArrayList<>();

    private FwknopImporter(FwknopSource source) {
        this.source = source;
    }

    /** Converts it. What fwknopd would refuse gives its reasons and no configuration. */
    public static ImportReport convert(FwknopSource source) {
        List<ImportLine> errors = source.findings().stream()
                .filter(Finding::isError)
                .map(finding -> line(finding, Fate.NOT_CONVERTIBLE))
                .toList();
        return errors.isEmpty() ? new FwknopImporter(source).convert() : new ImportReport("", errors);
    }

    private ImportReport convert() {
        for (Stanza stanza : source.stanzas()) {
            // What leads to other machines is not of this host.
            if (stanza.commands().cycle().isEmpty() && stanza.nat().force().isEmpty()) {
                stanza.ports().open().ifPresent(guarded::addAll);
            }
        }
        for (AccessFile file : source.files()) {
            findings(file.name(), 0);
            file.lines().forEach(line -> line(file, line));
        }
        report.add(new ImportLine(
                0,
                Fate.CHANGED,
                guarded.isEmpty()
                        ? "no stanza has OPEN_PORTS for this host, so nothing is shut; write a [[service]] with each port"
                                + " that clients open"
                        : "tirl shuts the ports of its services to everyone without a lease, which fwknopd left to"
                                + " the firewall"));
        report.add(new ImportLine(
                0,
                Fate.CHANGED,
                "firewall = \"join\": a firewall of this host that drops lets leased packets pass by one rule, which"
                        + " `tirl init` shows and adds; without such a firewall it is the same as \"guard\""));
        return new ImportReport(toml(), report);
    }

    private String toml() {
        String services = guarded.isEmpty() ? NO_PORTS : PortServices.toml(guarded);
        return "# Made from fwknop's files in " + Toml.comment(source.directory())
                + ", which stay: tirl reads stanzas and keys there.\n\n"
                + "[daemon]\ninterfaces = " + Toml.list(interfaces()) + "\n" + FirewallChoice.TOML
                + "\n[fwknop]\ndirectory = " + Toml.string(source.directory()) + "\n" + services;
    }

    private List<String> interfaces() {
        return source.conf().text(FwknopdVariable.PCAP_INTF).stream().toList();
    }

    private void line(AccessFile file, ConfLine line) {
        if (findings(file.name(), line.line())) {
            return;
        }
        String name = line.variable();
        report.add(
                name.equals("PCAP_INTF")
                        ? new ImportLine(
                                file.name(),
                                line.line(),
                                Fate.CONVERTED,
                                "PCAP_INTF: interfaces = " + Toml.list(interfaces()))
                        : new ImportLine(file.name(), line.line(), Fate.KEPT, name + " " + kept(file, line)));
    }

    private String kept(AccessFile file, ConfLine line) {
        return switch (line.variable()) {
            case "KEY", "KEY_BASE64", "HMAC_KEY", "HMAC_KEY_BASE64", "GPG_DECRYPT_PW" -> "stays here: no key is copied";
            case "%include", "%include_folder", "%include_keys" -> "is followed";
            case "SOURCE" -> "stays; the stanza's leases are named fwknop:" + file.name() + ":" + line.line();
            case "OPEN_PORTS" -> "stays; the ports have services: " + services(file, line);
            case String _ -> "stays in force";
        };
    }

    private String services(AccessFile file, ConfLine line) {
        List<ServicePort> ports = new ArrayList<>();
        for (Stanza stanza : source.stanzas()) {
            if (stanza.file().equals(file.name()) && stanza.line() <= line.line()) {
                ports.clear();
                stanza.ports().open().ifPresent(ports::addAll);
            }
        }
        ports.removeIf(port -> !guarded.contains(port));
        return ports.isEmpty() ? "none, as they lead elsewhere" : PortServices.names(ports);
    }

    /**
     * Says what was found about a line.
     *
     * @return whether the line does nothing
     */
    private boolean findings(String file, int line) {
        boolean idle = false;
        for (Finding finding : source.findings()) {
            if (finding.file().equals(file) && finding.problem().line() == line) {
                report.add(line(finding, finding.isIdle() ? Fate.DROPPED : Fate.ADVICE));
                idle |= finding.isIdle();
            }
        }
        return idle;
    }

    private static ImportLine line(Finding finding, Fate fate) {
        return new ImportLine(
                finding.file(),
                finding.problem().line(),
                fate,
                finding.problem().message());
    }
}

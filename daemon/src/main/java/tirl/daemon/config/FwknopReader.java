package tirl.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.config.Config.FwknopNat;
import tirl.config.Config.PortRange;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.fwknop.access.Finding;
import tirl.fwknop.access.Stanza;
import tirl.linux.capture.CaptureException;
import tirl.linux.capture.FilterCheck;
import tirl.packet.LinkType;
import tirl.ruleset.CaptureFilter;

/** Reads the section {@code [fwknop]}, and what follows from the files that it names. */
final class FwknopReader {
    /** Of the ports that stanzas open and no service of the file has. */
    private static final String SERVICE = "fwknop";

    private final Problems problems;

    FwknopReader(Problems problems) {
        this.problems = problems;
    }

    FwknopFiles read(Section section) {
        FwknopFiles files =
                FwknopFiles.read(section.read("directory", ConfigReader::absolutePath, FwknopFiles.DEFAULT_DIRECTORY));
        section.finish();
        files.findings().forEach(this::report);
        checkFilter(files);
        return files;
    }

    private void report(Finding finding) {
        int line = finding.problem().line();
        String text = finding.file() + ":" + (line == 0 ? "" : line + ":") + " "
                + finding.problem().message();
        if (finding.isError()) {
            problems.error(null, text);
        } else {
            problems.warn(null, text);
        }
    }

    private void checkFilter(FwknopFiles files) {
        try {
            FilterCheck.problem(new CaptureFilter("(" + files.filter() + ")"), LinkType.ETHERNET)
                    .ifPresent(why ->
                            problems.error(null, files.directory().resolve("fwknopd.conf") + ": PCAP_FILTER: " + why));
        } catch (CaptureException noLibpcap) {
            // Whoever opens an interface says so.
        }
    }

    /** The configuration with fwknop's clients, and with the ports guarded that they may open. */
    Config into(Config config, FwknopFiles files) {
        if (config.firewall() == FirewallMode.IPTABLES && files.nat(FirewallMode.GUARD) != FwknopNat.NONE) {
            problems.warn(
                    null,
                    files.directory().resolve("fwknopd.conf")
                            + ": NAT needs nftables, and this host has firewall = \"iptables\": requests for it are refused");
        }
        NavigableSet<ServicePort> guarded = new TreeSet<>();
        for (Stanza stanza : files.stanzas()) {
            if (stanza.commands().cycle().isEmpty()) {
                stanza.ports().open().ifPresent(guarded::addAll);
            }
        }
        config.services().forEach(service -> service.ports().forEach(guarded::remove));
        guarded.removeAll(config.publicPorts());
        List<Service> services = new ArrayList<>(config.services());
        if (!guarded.isEmpty()) {
            services.add(new Service(SERVICE, List.copyOf(guarded)));
        }
        List<PortRange> silent = files.silentPorts().stream()
                .map(port -> new PortRange(port, port))
                .toList();
        return config.withServices(services)
                .withFwknop(Optional.of(
                        new Config.Fwknop(files.directory(), files.filter(), silent, files.nat(config.firewall()))));
    }
}

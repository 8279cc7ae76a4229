package tirl.daemon.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tirl.config.Problem;
import tirl.fwknop.access.Finding;
import tirl.fwknop.access.FwknopdConf;
import tirl.fwknop.access.FwknopdVariable;
import tirl.fwknop.access.Stanza;

/** Says what fwknopd's files ask for and the daemon does not do. */
final class FwknopUnused {
    private static final Map<FwknopdVariable, String> WHY = new EnumMap<>(Map.ofEntries(
            Map.entry(FwknopdVariable.PCAP_FILE, "tirl hears interfaces, not files"),
            Map.entry(FwknopdVariable.ENABLE_PCAP_PROMISC, "tirl takes only what is sent to this host"),
            Map.entry(FwknopdVariable.DIGEST_DB_FILE, "only the text form of the cache can be taken over"),
            Map.entry(FwknopdVariable.SYSLOG_IDENTITY, "the log goes to standard error, from there to the journal"),
            Map.entry(FwknopdVariable.SYSLOG_FACILITY, "the log goes to standard error, from there to the journal"),
            Map.entry(FwknopdVariable.VERBOSE, "`tirl serve -v` says more"),
            Map.entry(FwknopdVariable.FWKNOP_PID_FILE, "the service manager knows the process"),
            Map.entry(
                    FwknopdVariable.ENABLE_NAT_DNS,
                    "names are not looked up; a client has to send the address of the machine it wants")));

    private FwknopUnused() {}

    /** Variables of fwknopd.conf with a value that would do something else than nothing. */
    static List<Finding> of(String file, String text, FwknopdConf conf) {
        List<Finding> findings = new ArrayList<>();
        WHY.forEach((variable, why) -> {
            boolean harmless = variable.name().startsWith("ENABLE_") && !conf.is(variable);
            if (conf.isGiven(variable) && !harmless) {
                findings.add(warning(file, line(text, variable.name()), variable + " is not applicable: " + why));
            }
        });
        if (conf.is(FwknopdVariable.ENABLE_TCP_SERVER) && hearsOnlyUdp(conf)) {
            findings.add(warning(
                    file,
                    line(text, FwknopdVariable.ENABLE_TCP_SERVER.name()),
                    "ENABLE_TCP_SERVER: only UDP is heard, so what comes in a connection is not; PCAP_FILTER has to name"
                            + " tcp port " + conf.number(FwknopdVariable.TCPSERV_PORT) + " too"));
        }
        return findings;
    }

    /** fwknopd has the same: its TCP server reads nothing, and the filter is for the administrator to widen. */
    private static boolean hearsOnlyUdp(FwknopdConf conf) {
        List<String> words = FwknopFiles.words(FwknopFiles.filter(conf));
        return words.contains("udp") && !words.contains("tcp");
    }

    /** What a stanza asks for. */
    static List<Finding> of(Stanza stanza) {
        List<Finding> findings = new ArrayList<>();
        if (stanza.nat().forwardAll()) {
            findings.add(warning(
                    stanza.file(),
                    stanza.line(),
                    "FORWARD_ALL: all that this stanza asks for is refused where ENABLE_IPT_FORWARDING is Y, as tirl opens"
                            + " ports and no hosts; write FORCE_NAT, or let clients name what they want"));
        }
        if (stanza.nat().disableDnat()) {
            findings.add(warning(
                    stanza.file(),
                    stanza.line(),
                    "DISABLE_DNAT: requests for NAT are refused, as tirl guards only what is sent to this host"));
        }
        if (stanza.ports().open().isEmpty() && stanza.commands().cycle().isEmpty()) {
            findings.add(warning(
                    stanza.file(),
                    stanza.line(),
                    "without OPEN_PORTS it opens any port, and tirl cannot know which ones to shut: list them"));
        }
        return findings;
    }

    /** The last that sets it, which counts. */
    private static int line(String text, String name) {
        int number = 0;
        int found = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.strip().startsWith(name)) {
                found = number;
            }
        }
        return found;
    }

    private static Finding warning(String file, int line, String message) {
        return new Finding(file, new Problem(Problem.Severity.WARNING, line, 1, message));
    }
}

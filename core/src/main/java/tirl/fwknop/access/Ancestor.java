package tirl.fwknop.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What fwknop 1.9 had and 2.x dropped, each variable with why it does nothing here, and with what does it instead. */
public final class Ancestor {
    private static final String LOG = "fwknop 1.9 read knocks from the firewall's log; tirl captures packets";
    private static final String WATCH =
            "fwknop 1.9 had programs that watched each other; the service manager restarts tirl";
    private static final String SYSTEM =
            "fwknop 1.9 looked at the client's operating system, which any client can imitate; 2.x dropped it";
    private static final String MAIL = "fwknop 1.9 mailed its alerts, and 2.x does not; a section [mail] does";
    private static final String INTERFACES =
            "fwknop 1.9 restarted itself for it; tirl follows interfaces that come and go by itself";
    private static final String CHAINS = "fwknop 1.9 ran iptables; tirl has a table of its own, by netlink";
    private static final String FILES = "a file or a folder of fwknop 1.9; tirl keeps its own in `state`";
    private static final String PROGRAM = "fwknop 1.9 ran that program; tirl does without";
    private static final String FORWARD =
            "fwknop 1.9's; in 2.x ENABLE_IPT_FORWARDING and NAT requests came of it, in tirl `forward` of a [[service]]";
    private static final String CYCLE =
            "fwknop 1.9's; CMD_CYCLE_OPEN and CMD_CYCLE_CLOSE took its place, or a [[door]]'s start and stop";
    private static final String PACKETS =
            "it is about SPA packets of fwknop 1.9, which neither 2.x nor tirl reads: clients of 2.x are needed";
    private static final String GNUPG = "fwknop 1.9 ran gpg for it; tirl reads the key ring itself";
    private static final String KNOCKS = "it is for knock sequences; `tirl import fwknop` makes each a [[door]]";
    private static final String ENCRYPTED =
            "fwknop 1.9's encrypted knock sequence, which 2.x dropped; SPA packets do the same in one datagram";
    private static final String HOPS = "fwknop 1.9 counted router hops; 2.x dropped it, as any sender can set them";
    private static final String SYSLOG = "the log goes to standard error, from there to the journal";

    private static final Map<String, String> DAEMON = new LinkedHashMap<>();
    private static final Map<String, String> STANZA = new LinkedHashMap<>();

    static {
        put(DAEMON, LOG, "AUTH_MODE", "FW_DATA_FILE", "FIREWALL_TYPE", "SYSLOG_DAEMON", "ENABLE_SYSLOG_FILE");
        put(DAEMON, LOG, "IPT_SYSLOG_FILE", "FW_MSG_SEARCH", "SLEEP_INTERVAL", "KNOPMD_FIFO", "KNOCK_INTERVAL");
        put(DAEMON, WATCH, "KNOPTM_IP_TIMEOUT_SOCK", "KNOPWATCHD_CHECK_INTERVAL", "KNOPWATCHD_MAX_RETRIES");
        put(DAEMON, WATCH, "ENABLE_VOLUNTARY_EXITS", "EXIT_INTERVAL", "KNOPWATCHD_PID_FILE", "KNOPMD_PID_FILE");
        put(DAEMON, WATCH, "KNOPTM_PID_FILE", "TCPSERV_PID_FILE", "FWKNOP_SERV_SOCK");
        put(DAEMON, MAIL, "EMAIL_ADDRESSES", "ALERTING_METHODS", "ALERTING_METHOD");
        put(DAEMON, "fwknop 1.9 put it into its mails; tirl asks the system for the host's name", "HOSTNAME");
        put(DAEMON, SYSTEM, "P0F_FILE", "ENABLE_OS_FINGERPRINTING");
        put(DAEMON, HOPS, "MAX_HOPS");
        put(DAEMON, "fwknop 1.9's; a rule of your firewall keeps these addresses out of everything", "BLACKLIST");
        put(DAEMON, INTERFACES, "ENABLE_INTF_CHECKS", "INTF_CHECKS_INTERVAL", "ENABLE_INTF_EXISTS_CHECK");
        put(DAEMON, INTERFACES, "ENABLE_INTF_RUNNING_CHECK", "ENABLE_INTF_BYTES_CHECK", "ENABLE_COOKED_INTF");
        put(DAEMON, "leases end in time; connections that are established outlive them", "ENABLE_CONNTRACK_PERSIST");
        put(DAEMON, "leases end in time; connections that are established outlive them", "CONNTRACK_ESTAB_PORTS");
        put(DAEMON, FILES, "IPT_CONNTRACK_FILE", "PROC_IP_FORWARD_FILE", "FWKNOP_CMDLINE_FILE", "FWKNOP_DIR");
        put(DAEMON, FILES, "FWKNOP_ERR_DIR", "FWKNOP_LIB_DIR", "FWKNOP_MOD_DIR", "PCAP_PKT_FILE", "ACCESS_CONF");
        put(DAEMON, CHAINS, "IPT_CMD_ALARM", "IPT_EXEC_SLEEP", "IPT_EXEC_STYLE", "IPT_EXEC_TRIES", "IPT_OUTPUT_FILE");
        put(DAEMON, CHAINS, "IPT_ERROR_FILE", "KNOPTM_IPT_OUTPUT_FILE", "KNOPTM_IPT_ERROR_FILE", "IPT_AUTO_CHAIN");
        put(DAEMON, CHAINS, "IPTABLES_AUTO_RULENUM", "IPFW_RULE_NUM", "IPFW_SET_NUM", "IPFW_DYNAMIC_INTERVAL");
        put(
                DAEMON,
                "switch it on with sysctl -w net.ipv4.ip_forward=1; tirl changes nothing there",
                "ENABLE_PROC_IP_FORWARD");
        put(DAEMON, SYSLOG, "SYSLOG_PRIORITY", "KNOPTM_SYSLOG_IDENTITY", "KNOPTM_SYSLOG_FACILITY");
        put(DAEMON, SYSLOG, "KNOPTM_SYSLOG_PRIORITY", "FWSERV_SYSLOG_IDENTITY", "FWSERV_SYSLOG_FACILITY");
        put(DAEMON, SYSLOG, "FWSERV_SYSLOG_PRIORITY");
        put(DAEMON, PACKETS, "DIGEST_TYPE", "ENABLE_DIGEST_INCLUDE_SRC", "ENABLE_FKO_MODULE", "MIN_SPA_PKT_LEN");
        put(DAEMON, PACKETS, "MIN_GNUPG_MSG_SIZE");
        put(DAEMON, "CMD_EXEC_TIMEOUT took its place", "PCAP_CMD_TIMEOUT");
        put(DAEMON, "GPG_HOME_DIR took its place", "GPG_DEFAULT_HOME_DIR");
        put(DAEMON, "REQUIRE_SOURCE_ADDRESS is a variable of each stanza now", "REQUIRE_SOURCE_ADDRESS");

        put(STANZA, "fwknop 1.9 had several ways to get packets; tirl captures them", "DATA_COLLECT_MODE", "PCAP");
        put(STANZA, "fwknop 1.9 had several ways to get packets; tirl captures them", "FILE_PCAP", "ULOG_PCAP");
        put(STANZA, KNOCKS, "KNOCK_INTERVAL", "KNOCK_LIMIT", "MIN_TIME_DIFF", "MAX_TIME_DIFF");
        put(
                STANZA,
                "fwknop 1.9's knock sequence of one secret for all; `tirl import fwknop` makes it a [[door]]",
                "SHARED_SEQUENCE");
        put(STANZA, ENCRYPTED, "ENCRYPT_SEQUENCE", "PORT_OFFSET");
        put(STANZA, SYSTEM, "REQUIRE_OS", "REQUIRE_OS_REGEX");
        put(
                STANZA,
                "fwknop 1.9 asked for a local password besides; keys and HMAC took its place",
                "REQUIRE_AUTH_METHOD",
                "SERVER_AUTH",
                "SHADOW_FILE");
        put(
                STANZA,
                "fwknop 1.9's white-list for commands; without it a stanza runs any command, so leave ENABLE_CMD_EXEC off",
                "CMD_REGEX");
        put(
                STANZA,
                "fwknop 1.9's; in 2.x a client may name ports whenever OPEN_PORTS allows them",
                "PERMIT_CLIENT_PORTS");
        put(STANZA, "fwknop 1.9's; in 2.x a client may name a timeout up to MAX_FW_TIMEOUT", "PERMIT_CLIENT_TIMEOUT");
        put(STANZA, "another name of FW_ACCESS_TIMEOUT in fwknop 1.9; write that", "MAX_ACCESS_TIMEOUT");
        put(STANZA, FORWARD, "ENABLE_FORWARD_ACCESS", "INTERNAL_NET_ACCESS");
        put(STANZA, "answers of accepted connections always pass", "ENABLE_OUTPUT_ACCESS");
        put(
                STANZA,
                "fwknop 1.9's for stanzas that only run commands; CMD_CYCLE_OPEN opens no port either",
                "DISABLE_FW_ACCESS");
        put(STANZA, CYCLE, "ENABLE_EXTERNAL_CMDS", "EXTERNAL_CMD_OPEN", "EXTERNAL_CMD_CLOSE", "EXTERNAL_CMD_ALARM");
        put(
                STANZA,
                "fwknop 1.9 read it and did nothing; `interfaces`, or PCAP_INTF in fwknopd.conf, says where packets are taken",
                "RESTRICT_INTF");
        put(STANZA, GNUPG, "GPG_NO_OPTIONS", "GPG_USE_OPTIONS", "GPG_NO_REQUIRE_PREFIX", "GPG_PREFIX");
        put(STANZA, GNUPG, "GPG_PATH", "GPG_AGENT_INFO");
        put(STANZA, "fwknop 1.9's; DISABLE_GPG has no counterpart: leave the GPG_ variables out", "DISABLE_GPG");
        put(STANZA, HOPS, "MAX_HOPS");
    }

    private Ancestor() {}

    private static void put(Map<String, String> map, String why, String... names) {
        for (String name : names) {
            map.put(name, why);
        }
    }

    /** Why a variable of fwknop.conf does nothing in fwknopd.conf. */
    public static Optional<String> inFwknopConf(String name) {
        return Optional.ofNullable(DAEMON.get(name))
                .or(() -> name.endsWith("Cmd") && name.length() > 3 ? Optional.of(PROGRAM) : Optional.empty());
    }

    /** What became of a variable of fwknop.conf that is not 1.9's alone; empty when 1.9 did not know it either. */
    public static Optional<String> sharedWithFwknopdConf(String name) {
        return Foreign.inFwknopdConf(name)
                .or(() -> FwknopdVariable.named(name).map(known -> "it is for SPA packets, which are left out"));
    }

    /** Why a variable of its access.conf does nothing in that of 2.x. */
    public static Optional<String> inAccessConf(String name) {
        return Optional.ofNullable(STANZA.get(name));
    }

    /** Whether an access.conf has what 2.x cannot serve: knock sequences. */
    public static boolean hasSequences(AccessFile access) {
        return has(access, "SHARED_SEQUENCE") || has(access, "ENCRYPT_SEQUENCE");
    }

    /** Whether an access.conf looks like one of fwknop 1.9. One that 2.x took over may do so too. */
    public static boolean wrote(AccessFile access) {
        return hasSequences(access) || has(access, "DATA_COLLECT_MODE");
    }

    private static boolean has(AccessFile access, String name) {
        return access.lines().stream().anyMatch(line -> line.variable().equals(name));
    }
}

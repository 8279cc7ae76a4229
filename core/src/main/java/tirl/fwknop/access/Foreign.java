package tirl.fwknop.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is in the files of fwknop 1.9 and 2.x and does nothing here, each with why, and what does it instead. */
final class Foreign {
    private static final String CHAINS = "tirl has a table of its own and needs no chains in others";
    private static final String POLLING = "tirl is woken by each packet and polls nothing";
    private static final String QUEUE = "packets are captured, not queued; PCAP_INTF says where";
    private static final String OTHER_SYSTEM = "it is for a firewall of another operating system";
    private static final String NOT_IN_2 =
            "fwknop 2.x has it in its sample file and does not do it; a [[door]]'s start and stop commands do";
    private static final String LEASE_TIMES = "leases end in the kernel by themselves";
    private static final String OLD_LOG = "fwknop 1.9 read knocks from the firewall's log; tirl captures packets";
    private static final String OLD_WATCH =
            "fwknop 1.9 had programs that watched each other; the service manager restarts tirl";
    private static final String OLD_OS =
            "fwknop 1.9 looked at the client's operating system, which any client can imitate; 2.x dropped it";
    private static final String OLD_CHAIN = "fwknop 1.9's; ENABLE_IPT_FORWARDING and NAT requests are what came of it";

    private static final Map<String, String> DAEMON = new LinkedHashMap<>();
    private static final Map<String, String> STANZA = new LinkedHashMap<>();

    static {
        put(DAEMON, POLLING, "PCAP_DISPATCH_COUNT", "PCAP_LOOP_SLEEP", "UDPSERV_SELECT_TIMEOUT", "NFQ_LOOP_SLEEP");
        put(DAEMON, "captures always take whole packets", "MAX_SNIFF_BYTES");
        put(DAEMON, "tirl never takes what this host sends", "ENABLE_PCAP_ANY_DIRECTION");
        put(DAEMON, "an interface that goes down is taken up again when it comes back", "EXIT_AT_INTF_DOWN");
        put(DAEMON, LEASE_TIMES, "RULES_CHECK_THRESHOLD", "IPFW_EXPIRE_PURGE_INTERVAL", "PF_EXPIRE_INTERVAL");
        put(
                DAEMON,
                QUEUE,
                "ENABLE_NFQ_CAPTURE",
                "NFQ_INTERFACE",
                "NFQ_PORT",
                "NFQ_TABLE",
                "NFQ_CHAIN",
                "NFQ_QUEUE_NUMBER");
        put(DAEMON, CHAINS, "ENABLE_RULE_PREPEND", "ENABLE_IPT_COMMENT_CHECK", "ENABLE_FIREWD_COMMENT_CHECK");
        put(DAEMON, CHAINS, "IPT_INPUT_ACCESS", "IPT_OUTPUT_ACCESS", "IPT_FORWARD_ACCESS", "IPT_DNAT_ACCESS");
        put(DAEMON, CHAINS, "IPT_SNAT_ACCESS", "IPT_MASQUERADE_ACCESS", "FIREWD_INPUT_ACCESS", "FIREWD_OUTPUT_ACCESS");
        put(
                DAEMON,
                CHAINS,
                "FIREWD_FORWARD_ACCESS",
                "FIREWD_DNAT_ACCESS",
                "FIREWD_SNAT_ACCESS",
                "FIREWD_MASQUERADE_ACCESS");
        put(DAEMON, "leases survive a restart, and end when they are over", "FLUSH_IPT_AT_INIT", "FLUSH_IPT_AT_EXIT");
        put(
                DAEMON,
                "leases survive a restart, and end when they are over",
                "FLUSH_FIREWD_AT_INIT",
                "FLUSH_FIREWD_AT_EXIT");
        put(DAEMON, "answers of accepted connections always pass", "ENABLE_IPT_OUTPUT", "ENABLE_FIREWD_OUTPUT");
        put(DAEMON, "a lease is for every address of this host", "ENABLE_DESTINATION_RULE");
        put(
                DAEMON,
                OTHER_SYSTEM,
                "IPFW_START_RULE_NUM",
                "IPFW_MAX_RULES",
                "IPFW_ACTIVE_SET_NUM",
                "IPFW_EXPIRE_SET_NUM");
        put(DAEMON, OTHER_SYSTEM, "IPFW_ADD_CHECK_STATE", "FLUSH_IPFW_AT_INIT", "FLUSH_IPFW_AT_EXIT", "PF_ANCHOR_NAME");
        put(DAEMON, "messages are in English", "LOCALE");
        put(DAEMON, "tirl writes to the kernel itself and runs no program", "FIREWALL_EXE");
        put(DAEMON, "it is for fwknop's own tests", "FAULT_INJECTION_TAG");
        put(DAEMON, NOT_IN_2, "ENABLE_EXTERNAL_CMDS", "EXTERNAL_CMD_OPEN", "EXTERNAL_CMD_CLOSE", "EXTERNAL_CMD_ALARM");
        put(DAEMON, NOT_IN_2, "ENABLE_EXT_CMD_PREFIX", "EXT_CMD_PREFIX");
        put(
                DAEMON,
                OLD_LOG,
                "AUTH_MODE",
                "FW_DATA_FILE",
                "FIREWALL_TYPE",
                "SYSLOG_DAEMON",
                "ENABLE_SYSLOG_FILE",
                "IPT_SYSLOG_FILE",
                "FW_MSG_SEARCH",
                "KNOCK_INTERVAL");
        put(
                DAEMON,
                OLD_WATCH,
                "KNOPTM_IP_TIMEOUT_SOCK",
                "KNOPWATCHD_CHECK_INTERVAL",
                "KNOPWATCHD_MAX_RETRIES",
                "ENABLE_VOLUNTARY_EXITS",
                "EXIT_INTERVAL");
        put(DAEMON, "fwknop 1.9 mailed its alerts, and 2.x does not", "EMAIL_ADDRESSES", "ALERTING_METHODS");
        put(DAEMON, OLD_OS, "P0F_FILE", "ENABLE_OS_FINGERPRINTING");
        put(DAEMON, "fwknop 1.9 counted router hops; 2.x dropped it", "MAX_HOPS");
        put(DAEMON, "fwknop 1.9's; SOURCE in access.conf says from where packets are taken", "BLACKLIST");

        put(STANZA, OLD_LOG, "DATA_COLLECT_MODE", "KNOCK_INTERVAL", "KNOCK_LIMIT", "MIN_TIME_DIFF", "MAX_TIME_DIFF");
        put(
                STANZA,
                "fwknop 1.9's knock sequence of one secret for all; write a [[door]] with sequence = [...]",
                "SHARED_SEQUENCE");
        put(
                STANZA,
                "fwknop 1.9's encrypted knock sequence, which 2.x dropped; SPA packets do the same in one datagram",
                "ENCRYPT_SEQUENCE",
                "PORT_OFFSET");
        put(STANZA, OLD_OS, "REQUIRE_OS", "REQUIRE_OS_REGEX");
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
        put(STANZA, OLD_CHAIN, "ENABLE_FORWARD_ACCESS", "INTERNAL_NET_ACCESS");
        put(STANZA, "answers of accepted connections always pass", "ENABLE_OUTPUT_ACCESS");
        put(
                STANZA,
                "fwknop 1.9's; CMD_CYCLE_OPEN and CMD_CYCLE_CLOSE took its place",
                "ENABLE_EXTERNAL_CMDS",
                "EXTERNAL_CMD_OPEN",
                "EXTERNAL_CMD_CLOSE");
        put(STANZA, "fwknop 1.9's; PCAP_INTF in fwknopd.conf says where packets are taken", "RESTRICT_INTF");
        put(STANZA, "fwknop 1.9's; DISABLE_GPG has no counterpart: leave the GPG_ variables out", "DISABLE_GPG");
        put(STANZA, "fwknop 1.9 counted router hops; 2.x dropped it", "MAX_HOPS");
    }

    private Foreign() {}

    private static void put(Map<String, String> map, String why, String... names) {
        for (String name : names) {
            map.put(name, why);
        }
    }

    /** Why a variable of fwknopd.conf does nothing here. */
    static Optional<String> inFwknopdConf(String name) {
        return Optional.ofNullable(DAEMON.get(name));
    }

    /** Why a variable of access.conf does nothing here. */
    static Optional<String> inAccessConf(String name) {
        return Optional.ofNullable(STANZA.get(name));
    }
}

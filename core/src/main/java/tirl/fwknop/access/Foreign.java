package tirl.fwknop.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What is in fwknop's files and does nothing here, each with why: of 2.x, and by {@link Ancestor} of 1.9. */
final class Foreign {
    private static final String CHAINS = "tirl has a table of its own and needs no chains in others";
    private static final String POLLING = "tirl is woken by each packet and polls nothing";
    private static final String QUEUE = "packets are captured, not queued; PCAP_INTF says where";
    private static final String OTHER_SYSTEM = "it is for a firewall of another operating system";
    private static final String NOT_IN_2 =
            "fwknop 2.x has it in its sample file and does not do it; a [[door]]'s start and stop commands do";
    private static final String LEASE_TIMES = "leases end in the kernel by themselves";

    private static final Map<String, String> DAEMON = new LinkedHashMap<>();

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
    }

    private Foreign() {}

    private static void put(Map<String, String> map, String why, String... names) {
        for (String name : names) {
            map.put(name, why);
        }
    }

    /** Why a variable of fwknopd.conf does nothing here. */
    static Optional<String> inFwknopdConf(String name) {
        return Optional.ofNullable(DAEMON.get(name)).or(() -> Ancestor.inFwknopConf(name));
    }

    /** Why a variable of access.conf does nothing here. */
    static Optional<String> inAccessConf(String name) {
        return Ancestor.inAccessConf(name);
    }
}

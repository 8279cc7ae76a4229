package tirl.fwknop.access;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The variables of fwknopd.conf that have a meaning here, by their names in the file. */
public enum FwknopdVariable {
    PCAP_INTF(Kind.TEXT, "eth0"),
    PCAP_FILE(Kind.TEXT, ""),
    PCAP_FILTER(Kind.TEXT, "udp port 62201"),
    ENABLE_PCAP_PROMISC(Kind.FLAG, "N"),
    ENABLE_SPA_PACKET_AGING(Kind.FLAG, "Y"),
    MAX_SPA_PACKET_AGE(1, 100_000, "120"),
    ENABLE_DIGEST_PERSISTENCE(Kind.FLAG, "Y"),
    CMD_EXEC_TIMEOUT(0, 100_000, "0"),
    ENABLE_SPA_OVER_HTTP(Kind.FLAG, "N"),
    ALLOW_ANY_USER_AGENT(Kind.FLAG, "N"),
    ENABLE_X_FORWARDED_FOR(Kind.FLAG, "N"),
    ENABLE_TCP_SERVER(Kind.FLAG, "N"),
    TCPSERV_PORT(1, 65_535, "62201"),
    ENABLE_UDP_SERVER(Kind.FLAG, "N"),
    UDPSERV_PORT(1, 65_535, "62201"),
    ENABLE_NAT_DNS(Kind.FLAG, "Y"),
    ENABLE_IPT_FORWARDING(Kind.FLAG, "N"),
    ENABLE_IPT_LOCAL_NAT(Kind.FLAG, "N"),
    ENABLE_IPT_SNAT(Kind.FLAG, "N"),
    ENABLE_FIREWD_FORWARDING(Kind.FLAG, "N"),
    ENABLE_FIREWD_LOCAL_NAT(Kind.FLAG, "N"),
    ENABLE_FIREWD_SNAT(Kind.FLAG, "N"),
    SNAT_TRANSLATE_IP(Kind.TEXT, ""),
    SYSLOG_IDENTITY(Kind.TEXT, "fwknopd"),
    SYSLOG_FACILITY(Kind.TEXT, "LOG_DAEMON"),
    VERBOSE(0, 100, "0"),
    FWKNOP_RUN_DIR(Kind.TEXT, "/run/fwknop"),
    FWKNOP_CONF_DIR(Kind.TEXT, "/etc/fwknop"),
    ACCESS_FILE(Kind.TEXT, ""),
    ACCESS_FOLDER(Kind.TEXT, ""),
    FWKNOP_PID_FILE(Kind.TEXT, ""),
    DIGEST_FILE(Kind.TEXT, ""),
    DIGEST_DB_FILE(Kind.TEXT, ""),
    GPG_HOME_DIR(Kind.TEXT, "/root/.gnupg"),
    GPG_EXE(Kind.TEXT, ""),
    SUDO_EXE(Kind.TEXT, "");

    private static final Map<String, FwknopdVariable> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(Enum::name, Function.identity()));

    /** How a value is read. */
    enum Kind {
        TEXT,
        FLAG,
        NUMBER
    }

    private final Kind kind;
    private final int least;
    private final int most;
    private final String standard;

    FwknopdVariable(Kind kind, String standard) {
        this.kind = kind;
        least = 0;
        most = 0;
        this.standard = standard;
    }

    FwknopdVariable(int least, int most, String standard) {
        kind = Kind.NUMBER;
        this.least = least;
        this.most = most;
        this.standard = standard;
    }

    static Optional<FwknopdVariable> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    Kind kind() {
        return kind;
    }

    int least() {
        return least;
    }

    int most() {
        return most;
    }

    /** The value when the file has none. */
    String standard() {
        return standard;
    }
}

package tirl.fwknop.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.packet.Address;

class FwknopdConfParserTest {
    /** All that the sample file, the manual and research name, 2.6.11 included. */
    private static final List<String> EVERY = Arrays.asList(
            ("PCAP_INTF PCAP_FILE PCAP_FILTER ENABLE_PCAP_PROMISC ENABLE_PCAP_ANY_DIRECTION PCAP_DISPATCH_COUNT PCAP_LOOP_SLEEP"
                            + " EXIT_AT_INTF_DOWN MAX_SNIFF_BYTES ENABLE_SPA_PACKET_AGING MAX_SPA_PACKET_AGE"
                            + " ENABLE_DIGEST_PERSISTENCE RULES_CHECK_THRESHOLD CMD_EXEC_TIMEOUT ENABLE_SPA_OVER_HTTP"
                            + " ALLOW_ANY_USER_AGENT ENABLE_X_FORWARDED_FOR ENABLE_TCP_SERVER TCPSERV_PORT ENABLE_UDP_SERVER"
                            + " UDPSERV_PORT UDPSERV_SELECT_TIMEOUT ENABLE_NFQ_CAPTURE NFQ_INTERFACE NFQ_PORT NFQ_TABLE NFQ_CHAIN"
                            + " NFQ_QUEUE_NUMBER NFQ_LOOP_SLEEP ENABLE_DESTINATION_RULE ENABLE_RULE_PREPEND ENABLE_NAT_DNS"
                            + " ENABLE_IPT_FORWARDING ENABLE_IPT_LOCAL_NAT ENABLE_IPT_SNAT ENABLE_IPT_OUTPUT SNAT_TRANSLATE_IP"
                            + " FLUSH_IPT_AT_INIT FLUSH_IPT_AT_EXIT IPT_INPUT_ACCESS IPT_OUTPUT_ACCESS IPT_FORWARD_ACCESS"
                            + " IPT_DNAT_ACCESS IPT_SNAT_ACCESS IPT_MASQUERADE_ACCESS ENABLE_IPT_COMMENT_CHECK"
                            + " ENABLE_FIREWD_FORWARDING ENABLE_FIREWD_LOCAL_NAT ENABLE_FIREWD_SNAT ENABLE_FIREWD_OUTPUT"
                            + " ENABLE_FIREWD_COMMENT_CHECK FIREWD_INPUT_ACCESS FIREWD_OUTPUT_ACCESS FIREWD_FORWARD_ACCESS"
                            + " FIREWD_DNAT_ACCESS FIREWD_SNAT_ACCESS FIREWD_MASQUERADE_ACCESS FLUSH_FIREWD_AT_INIT"
                            + " FLUSH_FIREWD_AT_EXIT IPFW_START_RULE_NUM IPFW_MAX_RULES IPFW_ACTIVE_SET_NUM IPFW_EXPIRE_SET_NUM"
                            + " IPFW_EXPIRE_PURGE_INTERVAL IPFW_ADD_CHECK_STATE FLUSH_IPFW_AT_INIT FLUSH_IPFW_AT_EXIT"
                            + " PF_ANCHOR_NAME PF_EXPIRE_INTERVAL SYSLOG_IDENTITY SYSLOG_FACILITY LOCALE VERBOSE FWKNOP_RUN_DIR"
                            + " FWKNOP_CONF_DIR ACCESS_FILE ACCESS_FOLDER FWKNOP_PID_FILE DIGEST_FILE DIGEST_DB_FILE GPG_HOME_DIR"
                            + " GPG_EXE SUDO_EXE FIREWALL_EXE EXTERNAL_CMD_OPEN EXTERNAL_CMD_CLOSE EXTERNAL_CMD_ALARM"
                            + " ENABLE_EXTERNAL_CMDS ENABLE_EXT_CMD_PREFIX EXT_CMD_PREFIX FAULT_INJECTION_TAG AUTH_MODE"
                            + " EMAIL_ADDRESSES ALERTING_METHODS")
                    .split(" ", -1));

    private static FwknopdConfParser.Result parse(String text) {
        return FwknopdConfParser.parse("fwknopd.conf", text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> said(String text) {
        return parse(text).findings().stream().map(Finding::toString).toList();
    }

    @Test
    void everyVariable_isObeyedOrReportedByName() {
        for (String name : EVERY) {
            String line = "fwknopd.conf:2:1: warning: " + name + " is not applicable: ";
            List<String> said = said("\n" + name + " 1;");

            if (FwknopdVariable.named(name).isPresent()) {
                assertThat(said).as(name).noneMatch(text -> text.startsWith(line) || text.contains("no variable"));
            } else {
                assertThat(said).as(name).singleElement().asString().startsWith(line);
            }
        }
        assertThat(EVERY).hasSize(94);
    }

    @Test
    void nothing_isWhatFwknopdDoesWithoutAFile() {
        FwknopdConf conf = parse("").conf();

        assertThat(conf.mostAgeSeconds()).isEqualTo(OptionalInt.of(120));
        assertThat(conf.forwarding() || conf.localNat() || conf.snat()).isFalse();
        assertThat(conf.accessFile()).isEqualTo("/etc/fwknop/access.conf");
        assertThat(conf.digestFile()).isEqualTo("/run/fwknop/digest.cache");
        assertThat(conf.pidFile()).isEqualTo("/run/fwknop/fwknopd.pid");
        assertThat(conf.text(FwknopdVariable.PCAP_FILTER)).contains("udp port 62201");
        assertThat(conf.isGiven(FwknopdVariable.PCAP_FILTER)).isFalse();
    }

    @Test
    void values_areThoseOfTheFile() {
        FwknopdConf conf = parse("MAX_SPA_PACKET_AGE 60;\nENABLE_FIREWD_FORWARDING Y\nENABLE_FIREWD_LOCAL_NAT Y\n"
                        + "ENABLE_FIREWD_SNAT Y\nSNAT_TRANSLATE_IP 192.0.2.1\nFWKNOP_RUN_DIR /r;\nDIGEST_FILE"
                        + " $FWKNOP_RUN_DIR/seen\nTCPSERV_PORT 80\nACCESS_FILE /a\n")
                .conf();

        assertThat(conf.mostAgeSeconds()).isEqualTo(OptionalInt.of(60));
        assertThat(conf.forwarding() && conf.localNat() && conf.snat()).isTrue();
        assertThat(conf.snatAddress()).isEqualTo(Address.parse("192.0.2.1"));
        assertThat(conf.digestFile()).isEqualTo("/r/seen");
        assertThat(conf.pidFile()).isEqualTo("/r/fwknopd.pid");
        assertThat(conf.number(FwknopdVariable.TCPSERV_PORT)).isEqualTo(80);
        assertThat(conf.accessFile()).isEqualTo("/a");
        assertThat(parse("ENABLE_SPA_PACKET_AGING N").conf().mostAgeSeconds()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MAX_SPA_PACKET_AGE x|MAX_SPA_PACKET_AGE goes from 1 to 100000, not \"x\"",
                "TCPSERV_PORT 70000|TCPSERV_PORT goes from 1 to 65535, not \"70000\"",
                "SYSLOG_FACILITY LOG_LOCAL9|\"LOG_LOCAL9\" is no facility; write LOG_DAEMON or LOG_LOCAL0 to LOG_LOCAL7",
                "SNAT_TRANSLATE_IP 1.2.3|\"1.2.3\" is no address; write one of this host's, such as 192.0.2.1",
            })
    void wrongValue_isAnError(String line, String message) {
        assertThat(said(line)).containsExactly("fwknopd.conf:1:1: " + message);
        assertThat(parse(line).isUsable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MAX_SPA_PACKET_AGE 60 # c|\"60 # c\" is read as 60",
                "MAX_SPA_PACKET_AGE: 60|fwknopd ignores this line because of the colon; write MAX_SPA_PACKET_AGE",
                "MAX_SPA_PACKET_AGE|MAX_SPA_PACKET_AGE has no value, so it counts as not given",
                "ENABLE_SPA_OVER_HTTP Yes|\"Yes\" is read as Y; write Y or N",
                "DIGEST_FILE $NOPE/x|there is no value of $NOPE, so DIGEST_FILE counts as not given",
                "BOGUS 1|BOGUS is no variable of fwknopd.conf, so it is ignored",
                "ENABLE_X_FORWARDED_FOR Y|anybody can write an X-Forwarded-For header: it is believed from proxies on this host only",
                "ENABLE_DIGEST_PERSISTENCE N|without it fwknopd takes every packet twice; tirl never does, whatever this says",
            })
    void oddValue_isAWarning(String line, String message) {
        assertThat(said(line)).containsExactly("fwknopd.conf:1:1: warning: " + message);
        assertThat(parse(line).isUsable()).isTrue();
    }
}

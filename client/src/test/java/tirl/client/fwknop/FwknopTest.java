package tirl.client.fwknop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.fwknop.CipherKey;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.Envelope;
import tirl.fwknop.OpenResult;
import tirl.packet.Address;

/** Variables, the rc file, and what packets are made of them. */
class FwknopTest {
    private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final InstantSource NOON = () -> Instant.ofEpochSecond(1_800_000_000);
    private static final SecureRandom RANDOM = new SecureRandom();

    private static Plan.Packet packet(String stanza) throws FwknopException {
        return plan(stanza)
                .packet(
                        Address.parse("192.0.2.7").orElseThrow(),
                        Optional.empty(),
                        "alice",
                        new Secret(KEY, Optional.empty()),
                        NOON);
    }

    private static Plan plan(String stanza) {
        return new Plan(
                RcText.of("[a]\n" + stanza.replace("|", "\n")).stanza("a").orElseThrow(), RANDOM);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        ACCESS tcp/22,udp/53                             ; ACCESS
        ACCESS tcp/22|FW_TIMEOUT 60                      ; ACCESS_TIMEOUT
        ACCESS tcp/22|FW_TIMEOUT 0                       ; ACCESS
        ACCESS tcp/22|SPA_SERVER h|NAT_LOCAL Y           ; LOCAL_NAT
        ACCESS tcp/22|NAT_ACCESS 10.0.0.1:80             ; NAT_ACCESS
        ACCESS tcp/22|NAT_ACCESS 10.0.0.1,80|FW_TIMEOUT 9; NAT_ACCESS_TIMEOUT
        """)
    void packets_areOfTheRightType_andOpen(String stanza, String type) throws Exception {
        Plan.Packet packet = packet(stanza);

        assertThat(packet.message().type()).hasToString(type);
        assertThat(Envelope.open(
                        packet.text().getBytes(StandardCharsets.US_ASCII),
                        new CipherKey(KEY, EncryptionMode.CBC),
                        Optional.empty()))
                .isInstanceOfSatisfying(
                        OpenResult.Opened.class,
                        opened -> assertThat(opened.message()).isEqualTo(packet.message()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        FW_TIMEOUT 1                                 ; say what to open
        ACCESS TCP/22                                ; is no port to open
        ACCESS tcp/70000                             ; from 1 to 65535
        ACCESS tcp/22|FW_TIMEOUT 65537               ; from 0 to 65536
        ACCESS tcp/22|NAT_PORT 80                    ; need --nat-access
        ACCESS tcp/22,tcp/23|NAT_ACCESS 10.0.0.1     ; name one port
        ACCESS tcp/22|ENCRYPTION_MODE PCBC           ; there is no encryption mode
        ACCESS tcp/22|DIGEST_TYPE crc                ; there is no digest
        ACCESS tcp/22|TIME_OFFSET 2x                 ; no time offset
        """)
    void whatNoServerTakes_isRefused(String stanza, String message) {
        assertThatThrownBy(() -> packet(stanza))
                .isInstanceOf(FwknopException.class)
                .hasMessageContaining(message);
    }

    @Test
    void timeOffset_movesThePacketsTime() throws Exception {
        assertThat(packet("ACCESS tcp/22|TIME_OFFSET -2min").message().timeSeconds())
                .isEqualTo(1_800_000_000 - 120);
    }

    @Test
    void forgeryAndHalfOfGnupg_areRefused() {
        assertThatThrownBy(() -> plan("ENCRYPTION_MODE asymmetric").check())
                .hasMessageContaining("--gpg-recipient-key");
        assertThatThrownBy(() -> plan("SPOOF_SOURCE_IP 1.2.3.4").check()).hasMessageContaining("does not forge");
        assertThatThrownBy(() -> plan("SPA_SERVER h|SPA_SERVER_PROTO udpraw").route(Optional.empty()))
                .hasMessageContaining("does not forge");
    }

    @Test
    void resolve_needsAServerThatWasNamed() {
        assertThatThrownBy(() -> plan("ALLOW_IP resolve").allow(url -> {
                    throw new AssertionError("asked " + url);
                }))
                .isInstanceOf(FwknopException.class)
                .hasMessageContaining("--resolve-url");
    }

    @ParameterizedTest
    @CsvSource({
        "RESOLVE_URL http://h/ip",
        "RESOLVE_IP_HTTP Y|RESOLVE_URL http://h/ip",
        "RESOLVE_HTTP_ONLY Y|RESOLVE_URL http://h/ip"
    })
    void resolve_isMeant_whereItsVariablesAreSet(String stanza) throws Exception {
        Address here = Address.parse("192.0.2.9").orElseThrow();

        assertThat(plan(stanza).allow(url -> here)).isEqualTo(here);
        assertThat(plan(stanza + "|ALLOW_IP source").allow(url -> here)).hasToString("0.0.0.0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        WGET_CMD /bin/wget                  ; --wget-cmd
        USE_WGET_USER_AGENT Y               ; --use-wget-user-agent
        RESOLVE_HTTP_ONLY Y                 ; --resolve-http-only
        GPG_SIGNER me                       ; without USE_GPG
        USE_GPG Y|GPG_SIGNER me|ENCRYPTION_MODE CTR; the mode CTR does nothing
        USE_GPG Y                           ; not signed
        """)
    void whatDoesNothing_isSaid(String stanza, String note) {
        Values values =
                RcText.of("[a]\n" + stanza.replace("|", "\n")).stanza("a").orElseThrow();

        assertThat(Unused.of(values)).singleElement().asString().contains(note);
    }

    @Test
    void whatIsObeyed_isNotSaid() {
        Values values = RcText.of("[a]\nUSE_GPG Y\nGPG_SIGNER me\nENCRYPTION_MODE Asymmetric\nACCESS tcp/22\n")
                .stanza("a")
                .orElseThrow();

        assertThat(Unused.of(values)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"proxy, proxy", "proxy:3128, proxy", "http://proxy:3128, proxy", "HTTP://proxy, proxy"})
    void proxy_mayBeAUrl(String proxy, String host) {
        assertThat(Delivery.proxyHost(proxy)).isEqualTo(host);
    }

    @Test
    void upperLayer_replacesAllWaysToSayTheSame() {
        Values file =
                RcText.of("[a]\nKEY_BASE64 QUJD\nACCESS tcp/1\n").stanza("a").orElseThrow();
        Values line = new Values();
        line.set(Variable.KEY, "x");

        Values all = line.over(file);

        assertThat(all.get(Variable.KEY_BASE64)).isEmpty();
        assertThat(all.get(Variable.KEY)).contains("x");
        assertThat(all.get(Variable.ACCESS)).contains("tcp/1");
        assertThat(all.toString()).doesNotContain("x\n").contains("KEY ...");
    }

    @Test
    void savedStanza_replacesItsOwnOnly() {
        Values values = new Values();
        values.set(Variable.ACCESS, "tcp/9");
        RcText text = RcText.of("# mine\n[a]\nACCESS tcp/1\nKEY k\n[b]\nACCESS tcp/2 # two\n");

        RcText saved = RcText.of(text.with("a", values));

        assertThat(saved.stanza("a").orElseThrow().toString()).isEqualTo("ACCESS tcp/9\n");
        assertThat(saved.stanza("b").orElseThrow().get(Variable.ACCESS)).contains("tcp/2");
        assertThat(text.with("a", values)).startsWith("# mine\n[a]\n").contains("[b]\nACCESS tcp/2 # two\n");
        assertThat(RcText.of(text.with("c", values)).names()).containsExactly("a", "b", "c");
    }

    @Test
    void unknownVariables_areSaidWithTheirLine() {
        assertThat(RcText.of("ACCESS x\n[a]\nCLIENT_TIMEOUT 3\n").warnings())
                .satisfiesExactly(
                        first -> assertThat(first).contains("line 1", "in no [stanza]"),
                        second -> assertThat(second).contains("line 3", "FW_TIMEOUT"));
    }
}

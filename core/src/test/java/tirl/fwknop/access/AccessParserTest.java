package tirl.fwknop.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.packet.Address;

class AccessParserTest {
    private static final String KEYS = "KEY 0123456789abcdef\nHMAC_KEY the-hmac-key\nREQUIRE_SOURCE_ADDRESS Y\n";

    private static AccessParser.Result parse(String text) {
        return parse(text, Map.of());
    }

    /** Other files by path; a folder is a path that ends with a slash. */
    private static AccessParser.Result parse(String text, Map<String, String> files) {
        FwknopdConf conf = FwknopdConfParser.parse("fwknopd.conf", bytes("ENABLE_IPT_FORWARDING Y"))
                .conf();
        return AccessParser.parse(
                AccessFile.read("access.conf", bytes(text)),
                conf,
                include -> find(include, files),
                ZoneId.of("Europe/Berlin"));
    }

    private static Inclusions.Found find(Include include, Map<String, String> files) {
        if (include.kind() == Include.Kind.FOLDER) {
            return new Inclusions.Found.Files(new TreeMap<>(files)
                    .entrySet().stream()
                            .filter(file -> file.getKey().startsWith(include.path()))
                            .map(file -> AccessFile.read(file.getKey(), bytes(file.getValue())))
                            .toList());
        }
        String text = files.get(include.path());
        return text == null
                ? new Inclusions.Found.Missing("there is no " + include.path())
                : new Inclusions.Found.Files(List.of(AccessFile.read(include.path(), bytes(text))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> said(AccessParser.Result result) {
        return result.findings().stream().map(Finding::toString).toList();
    }

    @Test
    void soundStanza_isTakenWithoutARemark() {
        AccessParser.Result result = parse("# comment\n\nSOURCE: ANY;\n" + KEYS + "ACCESS_EXPIRE 12/31/2030\n");

        assertThat(said(result)).isEmpty();
        Stanza stanza = result.stanzas().getFirst();
        assertThat(stanza.place()).isEqualTo("access.conf:3");
        assertThat(stanza.times().expires()).contains(Instant.parse("2030-12-30T23:00:00Z"));
        assertThat(stanza.toString()).doesNotContain("0123456789abcdef").doesNotContain("the-hmac-key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "KEY|KEY has no value; give it one or delete the line",
                "OPEN_PORTS 22|\"22\" is no port; write tcp/22 or udp/53",
                "OPEN_PORTS tcp/22,|\"\" is no port; write tcp/22 or udp/53",
                "DESTINATION 10.0.0.999|\"10.0.0.999\" is no address and no network; write ANY, 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32",
                "FW_ACCESS_TIMEOUT -5|\"-5\" is no time; write seconds, such as 30",
                "ACCESS_EXPIRE 31/12/2030|\"31/12/2030\" is no date; write month/day/year, such as 12/31/2030",
                "ACCESS_EXPIRE_EPOCH x|\"x\" is no Unix time; write seconds since 1970, such as 1924905600",
                "KEY_BASE64 geheim!|the value is no base64; take the line that fwknop --key-gen prints",
                "KEY __CHANGEME__|the key is still __CHANGEME__; put in what fwknop --key-gen prints",
                "KEY 012345678901234567890123456789012|the key has 33 bytes, and no fwknop client takes one of more than 32",
                "HMAC_DIGEST_TYPE no|\"no\" is no HMAC type; write sha256, md5, sha1, sha384, sha512, sha3_256 or sha3_512",
                "ENCRYPTION_MODE no|\"no\" is no encryption mode; write CBC, CTR, CFB, OFB, ECB, legacy or Asymmetric",
                "FORCE_NAT host 80|\"host 80\" is no target; write an address and a port, such as 10.0.0.5 443",
                "FORCE_SNAT x|\"x\" is no address; write one of this host's, such as 192.0.2.1",
                "CMD_CYCLE_TIMER x|\"x\" is no time; write seconds, such as 30",
                "GPG_DECRYPT_PW __CHANGEME__|the pass-phrase is still __CHANGEME__; put in that of the key",
                "%include nowhere|there is no nowhere",
            })
    void wrongValue_isAnErrorAtItsLine(String line, String message) {
        AccessParser.Result result = parse("SOURCE ANY\n" + KEYS + line + "\n");

        assertThat(said(result)).contains("access.conf:5:1: " + message);
        assertThat(result.isUsable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HMAC_KEY 0123456789abcdef|the encryption key and the HMAC key are the same; make two with fwknop --key-gen",
                "CMD_CYCLE_OPEN /x|CMD_CYCLE_OPEN and CMD_CYCLE_CLOSE go together; write CMD_CYCLE_CLOSE NONE to run nothing afterwards",
                "FORCE_SNAT 10.0.0.1|FORCE_SNAT and FORCE_MASQUERADE need FORCE_NAT or FORWARD_ALL in the same stanza",
                "GPG_DECRYPT_ID AB|GPG_DECRYPT_ID needs GPG_DECRYPT_PW, or GPG_ALLOW_NO_PW Y for a key without a pass-phrase",
            })
    void wrongStanza_isAnErrorAtItsSource(String line, String message) {
        assertThat(said(parse("SOURCE ANY\n" + KEYS + line + "\n"))).containsExactly("access.conf:1:1: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REQUIRE_SOURCE yes|\"yes\" is read as Y; write Y or N",
                "ENABLE_CMD_EXEC true|\"true\" is read as N; write Y or N",
                "FW_ACCESS_TIMEOUT 60s|\"60s\" is read as 60 seconds",
                "OPEN_PORTS tcp/22-25|\"tcp/22-25\" is read as tcp/22; list each port by itself",
                "NO_SUCH x|NO_SUCH is no variable of access.conf, so it is ignored",
                "GPG_REQUIRE_SIG N|signatures are required all the same; GPG_DISABLE_SIG Y does without",
            })
    void oddValue_isAWarningAtItsLine(String line, String message) {
        AccessParser.Result result = parse("SOURCE ANY\n" + KEYS + line + "\n");

        assertThat(said(result)).contains("access.conf:5:1: warning: " + message);
        assertThat(result.isUsable()).isTrue();
    }

    @Test
    void weakStanza_isWarnedAbout() {
        assertThat(said(parse("SOURCE ANY\nKEY short\nHMAC_DIGEST_TYPE md5\nFW_ACCESS_TIMEOUT 900\nENABLE_CMD_EXEC Y\n"
                        + "OPEN_PORTS tcp/22\nENCRYPTION_MODE Asymmetric\nFORWARD_ALL Y")))
                .containsExactlyInAnyOrder(
                        "access.conf:1:1: warning: the stanza has no HMAC key: anything that decrypts is believed; add"
                                + " HMAC_KEY_BASE64",
                        "access.conf:1:1: warning: the key has 5 bytes, which whoever records a packet can guess; make one"
                                + " with fwknop --key-gen",
                        "access.conf:1:1: warning: HMAC_DIGEST_TYPE does nothing without an HMAC key",
                        "access.conf:1:1: warning: ENCRYPTION_MODE Asymmetric means GnuPG, and the stanza has no"
                                + " GPG_DECRYPT_ID",
                        "access.conf:1:1: warning: without REQUIRE_SOURCE_ADDRESS Y whoever gets hold of a packet first can"
                                + " send it from his own address",
                        "access.conf:1:1: warning: FW_ACCESS_TIMEOUT is more than MAX_FW_TIMEOUT, which counts: 300 seconds",
                        "access.conf:1:1: warning: ports that NAT requests lead to have to be in OPEN_PORTS too; fwknopd does"
                                + " not look at them",
                        "access.conf:1:1: warning: FORWARD_ALL lets the client reach every host and port behind this one",
                        "access.conf:1:1: warning: clients' commands run as the daemon's own user; add CMD_EXEC_USER nobody,"
                                + " say");
    }

    @Test
    void blanksAtTheEndOfAKey_areThePartOfItThatTheyAreForFwknopd() {
        AccessParser.Result result = parse("SOURCE ANY\nKEY 0123456789abcdef  ; x\nHMAC_KEY h\nREQUIRE_SOURCE Y");

        assertThat(result.stanzas().getFirst().keys().cipher().orElseThrow().toString())
                .isEqualTo("a key of 18 bytes, mode CBC");
        assertThat(said(result)).containsExactly("access.conf:2:1: warning: the blanks at the end are part of the key");
    }

    @Test
    void noStanza_isAnError() {
        assertThat(said(parse("# nothing\nKEY x")))
                .containsExactly(
                        "access.conf:2:1: warning: KEY stands before the first SOURCE, so it is ignored",
                        "access.conf: there is no stanza; begin one with SOURCE ANY and give it KEY_BASE64 and HMAC_KEY_BASE64");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SHARED_SEQUENCE",
                "ENCRYPT_SEQUENCE",
                "PORT_OFFSET",
                "KNOCK_INTERVAL",
                "KNOCK_LIMIT",
                "MIN_TIME_DIFF",
                "MAX_TIME_DIFF",
                "DATA_COLLECT_MODE",
                "REQUIRE_OS",
                "REQUIRE_OS_REGEX",
                "REQUIRE_AUTH_METHOD",
                "CMD_REGEX",
                "PERMIT_CLIENT_PORTS",
                "PERMIT_CLIENT_TIMEOUT",
                "ENABLE_OUTPUT_ACCESS",
                "ENABLE_FORWARD_ACCESS",
                "INTERNAL_NET_ACCESS",
                "ENABLE_EXTERNAL_CMDS",
                "RESTRICT_INTF",
                "MAX_HOPS"
            })
    void variablesOf19_areExplained(String name) {
        AccessParser.Result result = parse("SOURCE ANY\n" + KEYS + name + " tcp/2005\n");

        assertThat(said(result))
                .singleElement()
                .asString()
                .startsWith("access.conf:5:1: warning: " + name + " is not applicable: ");
    }

    /** Every variable of research and manual: taken without the remark that it is unknown. */
    @Test
    void everyVariable_isKnown() {
        List<String> lines = Arrays.asList(
                "DESTINATION ANY",
                "OPEN_PORTS tcp/22",
                "RESTRICT_PORTS tcp/23",
                "KEY abcdefgh",
                "KEY_BASE64 QUJDREVGRw==",
                "HMAC_KEY abc",
                "HMAC_KEY_BASE64 QUJD",
                "HMAC_DIGEST_TYPE sha1",
                "ENCRYPTION_MODE CBC",
                "FW_ACCESS_TIMEOUT 10",
                "MAX_FW_TIMEOUT 20",
                "REQUIRE_USERNAME u",
                "REQUIRE_SOURCE_ADDRESS N",
                "REQUIRE_SOURCE Y",
                "ACCESS_EXPIRE 01/01/2031",
                "ACCESS_EXPIRE_EPOCH 1924905600",
                "FORCE_NAT 10.0.0.5 80",
                "FORCE_SNAT 10.0.0.1",
                "FORCE_MASQUERADE N",
                "DISABLE_DNAT N",
                "FORWARD_ALL N",
                "ENABLE_CMD_EXEC Y",
                "CMD_EXEC_USER nobody",
                "CMD_EXEC_GROUP nogroup",
                "ENABLE_CMD_SUDO_EXEC Y",
                "CMD_SUDO_EXEC_USER root",
                "CMD_SUDO_EXEC_GROUP root",
                "CMD_CYCLE_OPEN /a",
                "CMD_CYCLE_CLOSE /b",
                "CMD_CYCLE_TIMER 5",
                "GPG_HOME_DIR /g",
                "GPG_EXE /usr/bin/gpg",
                "GPG_DECRYPT_ID AB",
                "GPG_DECRYPT_PW p",
                "GPG_ALLOW_NO_PW N",
                "GPG_REQUIRE_SIG Y",
                "GPG_DISABLE_SIG N",
                "GPG_IGNORE_SIG_VERIFY_ERROR N",
                "GPG_REMOTE_ID 1234abcd",
                "GPG_FINGERPRINT_ID 00112233445566778899AABBCCDDEEFF00112233");

        AccessParser.Result result = parse("SOURCE ANY\n" + String.join("\n", lines));

        assertThat(said(result)).noneMatch(line -> line.contains("no variable") || line.contains("applicable"));
        assertThat(result.isUsable()).as("%s", said(result)).isTrue();
        Stanza stanza = result.stanzas().getFirst();
        assertThat(stanza.commands().sudo()).contains(new CommandRules.Sudo(Optional.of("root"), Optional.of("root")));
        assertThat(stanza.keys().gpg().orElseThrow().signers())
                .containsExactly("1234ABCD", "00112233445566778899AABBCCDDEEFF00112233");
        assertThat(stanza.keys().gpg().orElseThrow().toString()).doesNotContain("passphrase=Optional[p]");
    }

    /** Orders as fwknopd -D printed them: what is included comes where it is included, and the stanza goes on after it. */
    @Test
    void includedFiles_haveTheirOwnStanzas() {
        AccessParser.Result result = parse(
                "%include more\nSOURCE 10.0.0.1\n" + KEYS + "%include_folder d/\nOPEN_PORTS tcp/1\n",
                Map.of(
                        "more", "SOURCE 10.0.0.2\n" + KEYS,
                        "d/a.conf", "SOURCE 10.0.0.3\n" + KEYS,
                        "d/b.conf", "OPEN_PORTS tcp/2\nSOURCE 10.0.0.4\n" + KEYS));

        assertThat(result.stanzas().stream().map(Stanza::place))
                .containsExactly("more:1", "access.conf:2", "d/a.conf:1", "d/b.conf:2");
        assertThat(result.stanzas().get(1).ports().open()).isPresent();
        assertThat(said(result))
                .contains("d/b.conf:1:1: warning: OPEN_PORTS stands before the first SOURCE, so it is ignored");
    }

    @Test
    void includedKeys_areThoseOfTheStanza() {
        AccessParser.Result result = parse(
                "SOURCE ANY\nREQUIRE_SOURCE_ADDRESS Y\n%include_keys keys\n",
                Map.of("keys", "KEY_BASE64 MDEyMzQ1Njc4OWFiY2RlZg==\nHMAC_KEY h\nOPEN_PORTS tcp/1\n"));

        assertThat(result.stanzas().getFirst().keys().cipher().orElseThrow().toString())
                .contains("16 bytes");
        assertThat(said(result)).containsExactly("keys:3:1: warning: OPEN_PORTS is no key, so it is ignored here");
    }

    @Test
    void endlessInclusion_isAnError() {
        assertThat(said(parse("%include a", Map.of("a", "%include a"))))
                .containsExactly(
                        "a:1:1: files include each other more than 3 deep",
                        "access.conf: there is no stanza; begin one with SOURCE ANY and give it KEY_BASE64 and HMAC_KEY_BASE64");
    }

    @ParameterizedTest
    @CsvSource({
        "ANY,192.0.2.1,true",
        "any,2001:db8::1,true",
        "192.0.2.0/24,192.0.2.255,true",
        "192.0.2.0/24,192.0.3.0,false",
        "192.0.2.77/24,192.0.2.1,true",
        "0.0.0.0/0,203.0.113.1,true",
        "0.0.0.0/0,2001:db8::1,false",
        "::/0,203.0.113.1,false",
        "::/0,2001:db8::1,true",
        "2001:db8::/32,2001:db8:ffff::1,true",
        "2001:db8::/32,2001:db9::1,false",
        "2001:db8::/65,2001:db8::8000:0:0:1,false",
        "172.16.0.0/255.240.0.0,172.31.255.255,true",
        "172.16.0.0/255.240.0.0,172.32.0.0,false",
        "192.0.2.1/32,192.0.2.1,true",
        "192.0.2.1,192.0.2.2,false",
    })
    void networks_containTheirAddresses(String text, String address, boolean contains) {
        Networks networks = Networks.parse(text).networks().orElseThrow();

        assertThat(networks.contains(Address.parse(address).orElseThrow())).isEqualTo(contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.0/255.0.255.0",
                "host",
                "10.0.0.1,,10.0.0.2",
                "::/129",
                "10/8"
            })
    void networks_thatAreNone_areRefused(String text) {
        assertThat(Networks.parse(text).networks()).isEmpty();
    }
}

package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.jr.ob.JSON;

/** Other ways for a packet to travel, other addresses, the second factor, and files of devices. */
@Tag("netns")
class SpaCarrierTest {
    private static final int TIME_STEP = 30;

    private Site site = SpaDoors.site("");
    private Visitor anna = new Visitor(site.client());

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        anna.close();
        site.close();
    }

    private void use(String spa) {
        site.tirl.write(List.of("srv0"), SpaDoors.SERVICES + "[spa]\n" + spa);
        site.tirl.reload("reloaded");
    }

    @Test
    void rangeOfPorts_eachPacketToAnother() {
        use("ports = \"40000-40500\"\n");
        SpaDoors.enrol(site, anna, site.ipv4());
        try (Wiretap tap = Wiretap.on(site.network, "cli0", "udp dst portrange 40000-40500");
                Wiretap usual = Wiretap.on(site.network, "cli0", "udp dst port " + SpaDoors.PORT)) {
            anna.run("open", "gate", "--wait").orThrow();
            anna.run("open", "gate").orThrow();
            anna.run("open", "gate").orThrow();

            assertThat(tap.payloads(3)).hasSizeGreaterThanOrEqualTo(3);
            assertThat(tap.ports()).hasSizeGreaterThan(1);
            assertThat(usual.count()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void echoRequest_carriesIt(String family) {
        use("icmp = true\n");
        SpaDoors.enrol(site, anna, site.address(family));

        anna.run("open", "gate", "--icmp", "--wait").orThrow();
    }

    @Test
    void classical_isTheShortOne() {
        SpaDoors.enrol(site, anna, site.ipv4());
        try (Wiretap tap = Wiretap.on(site.network, "cli0", "udp dst port " + SpaDoors.PORT)) {
            anna.run("open", "gate", "--classical").orThrow();
            site.assertOpens(anna.client, site.ipv4());
            assertThat(tap.payloads(1)).allMatch(payload -> payload.length == 144);
        }
    }

    @Test
    void claimedAddress_isWhoIsLetIn() throws IOException {
        SpaDoors.enrol(site, anna, site.ipv4());
        Client friend = site.client();
        Path profile = anna.home().resolve(".config/tirl/gate.toml");
        Files.writeString(
                profile,
                Files.readString(profile)
                        .replace("[spa]", "[spa]\naddress = \"claimed\"\naddresses = [\"" + friend.ipv4() + "\"]"));

        anna.run("open", "gate").orThrow();

        site.assertOpens(friend, site.ipv4());
        site.assertShut(anna.client, site.ipv4());
    }

    @Test
    void secondFactor_isAsked_andEachCodeIsGoodOnce() throws Exception {
        Map<String, Object> invited = JSON.std.mapFrom(site.tirl
                .control("invite", "anna", "--service", "ssh", "--host", site.ipv4(), "--code", "--json")
                .orThrow()
                .out());
        anna.told(Objects.requireNonNull(invited.get("uri")).toString(), "join", "--as", "gate")
                .orThrow();
        String otpauth = Objects.requireNonNull(invited.get("code")).toString();

        Output wrong = anna.told("000000\n", "open", "gate", "--code", "--wait", "--within", "3s");
        assertThat(wrong.exit()).as(wrong.toString()).isEqualTo(1);
        assertThat(wrong.err()).contains("code");

        String code = code(otpauth);
        anna.told(code + "\n", "open", "gate", "--code", "--wait").orThrow();
        site.tirl.control("revoke", anna.client.ipv4()).orThrow();
        Output again = anna.told(code + "\n", "open", "gate", "--code", "--wait", "--within", "3s");
        assertThat(again.exit()).as(again.toString()).isEqualTo(1);
    }

    /** RFC 6238 with what every authenticator takes for granted. */
    private static String code(String otpauth) throws GeneralSecurityException {
        String base32 = otpauth.replaceAll(".*[?&]secret=([A-Z2-7]+).*", "$1");
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < base32.length(); i++) {
            int value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(base32.charAt(i));
            bits.append(Integer.toBinaryString(32 + value), 1, 6);
        }
        byte[] secret = new byte[bits.length() / 8];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) Integer.parseInt(bits.substring(8 * i, 8 * i + 8), 2);
        }
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(secret, "HmacSHA1"));
        byte[] hash = mac.doFinal(ByteBuffer.allocate(8)
                .putLong(Instant.now().getEpochSecond() / TIME_STEP)
                .array());
        int number = ByteBuffer.wrap(hash).getInt(hash[19] & 0xf) & 0x7fffffff;
        return String.format(Locale.ROOT, "%06d", number % 1_000_000);
    }

    @Test
    void directoryOfDevices_isReadAtAReload_andNothingElseChanges() {
        SpaDoors.enrol(site, anna, site.ipv4());
        Path exported = folder.resolve("devices");
        site.tirl.control("devices", "export", exported.toString()).orThrow();
        site.tirl.control("devices", "revoke", "anna").orThrow();
        try (Visitor ben = new Visitor(site.client())) {
            ben.told(SpaDoors.invite(site, "ben", site.ipv4()), "join", "--as", "gate")
                    .orThrow();
            ben.run("open", "gate", "--wait").orThrow();

            use("devices = \"" + exported + "\"\n");

            anna.run("open", "gate", "--wait").orThrow();
            assertThat(ben.client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
            ben.run("open", "gate", "--wait").orThrow();
        }
    }

    @Test
    void proxy_andSsh_workAsWithASequence() {
        SpaDoors.enrol(site, anna, site.ipv4());

        Output proxied = anna.told("hello", "proxy", "gate", "22");

        assertThat(proxied.exit()).as(proxied.toString()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NFT_IPSET", "LEGACY_RULES"})
    void iptables_doesItToo(String kind) {
        try (IptablesSite tables =
                IptablesSite.with(IptablesSite.Kind.valueOf(kind), Doors.service("ssh", "tcp/22") + "[spa]\n")) {
            Client client = tables.network.client();
            try (Visitor visitor = new Visitor(client)) {
                Output invited = tables.tirl.control(
                        "invite", "anna", "--service", "ssh", "--host", tables.address("ipv4"), "--json");
                String uri = Objects.requireNonNull(
                                JSON.std.mapFrom(invited.orThrow().out()).get("uri"))
                        .toString();
                visitor.told(uri, "join", "--as", "gate").orThrow();
                try (Wiretap fromServer = Wiretap.on(
                        tables.network, "cli0", "src host " + tables.address("ipv4") + " and (udp or icmp)")) {
                    visitor.run("open", "gate").orThrow();
                    tables.assertOpens(client, "ipv4");
                    assertThat(fromServer.count()).isZero();
                }
            }
        }
    }
}

package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.daemon.control.ControlException;
import tirl.device.CodeSecret;
import tirl.spa.DeviceKeyText;
import tirl.spa.Invitation;

class DeviceRequestsTest {
    private static final Map<String, Object> SSH = Map.of("services", List.of("ssh"));

    @TempDir
    private Path folder = Path.of("/nonexistent");

    @SuppressWarnings("NullAway.Init")
    private DeviceSite site;

    @BeforeEach
    void start() throws Exception {
        site = new DeviceSite(folder.resolve("state"));
    }

    @AfterEach
    void end() {
        site.close();
    }

    private static Map<String, Object> request(String command, String name, Object... more) {
        Map<String, Object> request = new HashMap<>(Map.of("command", command, "name", name));
        for (int i = 0; i < more.length; i += 2) {
            request.put(String.valueOf(more[i]), more[i + 1]);
        }
        return request;
    }

    private void refused(Map<String, Object> request, String words) {
        assertThatThrownBy(() -> site.ask(request))
                .isInstanceOf(ControlException.class)
                .hasMessageContaining(words);
    }

    @Test
    void invitation_saysAllThatADeviceNeeds() throws Exception {
        Map<String, Object> rules = Map.of(
                "services", List.of("ssh", "web"),
                "from", List.of("10.0.0.0/8"),
                "hours", List.of("mon-fri 08:00-18:00"),
                "longest", "30m",
                "leases", 2,
                "address", List.of("equal"),
                "classical", false);
        Map<?, ?> answer = (Map<?, ?>) site.ask(request("invite", "anna", "rules", rules, "code", true, "valid", "2h"));
        Invitation invitation = Invitation.parse(DeviceSite.text(answer, "uri")).orElseThrow();
        assertThat(invitation.host()).isEqualTo("gate.example.org");
        assertThat(invitation.carriers()).isEqualTo(new Invitation.Carriers(62201, 62201, false));
        assertThat(DeviceSite.text(answer, "valid-until")).isEqualTo("2026-11-21T10:00:00Z");
        String code = DeviceSite.text(answer, "code");
        assertThat(code).startsWith("otpauth://totp/gate.example.org:anna?secret=");
        site.restart();
        Map<?, ?> listed = site.listed("anna").orElseThrow();
        assertThat(listed.get("state")).isEqualTo("invited");
        assertThat(listed.get("most-leases")).isEqualTo(2);
        assertThat(listed.get("code")).isEqualTo(true);
        for (String key : List.of("services", "from", "hours", "longest", "address", "classical")) {
            assertThat(listed.get(key)).as(key).isEqualTo(rules.get(key));
        }
        String secret = site.devices
                .roster()
                .invitations()
                .iterator()
                .next()
                .invitation
                .rules()
                .code()
                .map(CodeSecret::text)
                .orElseThrow();
        assertThat(code).contains("secret=" + secret + "&");
        assertThat(listed.toString()).doesNotContain(secret);
    }

    @Test
    void mistakesInRequests_areToldWithWhatIsRight() throws Exception {
        String _ = site.invite("anna");
        refused(request("invite", "anna", "rules", SSH), "\"anna\" already");
        refused(request("invite", "../x", "rules", SSH), "is no name");
        refused(request("invite", "bob"), "needs \"rules\"");
        refused(request("invite", "bob", "rules", Map.of("services", List.of("telnet"))), "there is [ssh, web]");
        refused(request("invite", "bob", "rules", Map.of("services", List.of())), "services is empty");
        refused(
                request("invite", "bob", "rules", Map.of("services", List.of("ssh"), "longst", "1h")),
                "did you mean \"longest\"?");
        refused(
                request("invite", "bob", "rules", Map.of("services", List.of("ssh"), "longest", "soon")),
                "is no duration");
        refused(
                request("invite", "bob", "rules", Map.of("services", List.of("ssh"), "from", "10.0.0.0/8")),
                "from must be a list");
        refused(
                request("invite", "bob", "rules", Map.of("services", List.of("ssh"), "\"\n[x]\na", "1")),
                "means nothing");
        refused(request("invite", "bob", "rules", SSH, "valid", "400d"), "valid for 1s to 365d");
        refused(request("invite", "bob", "rules", SSH, "host", "a b"), "is no name or address of a host");
        refused(request("device-revoke", "bob"), "no device or invitation \"bob\"");
        refused(request("device-change", "bob", "rules", Map.of("leases", 2)), "no device or invitation \"bob\"");
        refused(request("device-rename", "bob", "to", "carl"), "no device or invitation \"bob\"");
        refused(request("device-replace", "bob"), "no device \"bob\"");
        refused(request("device-replace", "anna"), "nobody has used its invitation yet");
        refused(request("device-key", "bob", "key", "TIRLKEY:X"), "typing error");
        refused(request("device-change", "anna", "rules", Map.of("code", "ABC")), "made by the invitation");
        assertThat((List<?>) site.ask(Map.of("command", "devices"))).hasSize(1);
    }

    @Test
    void changeOfRules_isInForceAtOnce_andKeepsTheRest() throws Exception {
        Phone anna = new Phone(site.invite(
                "anna", Map.of("services", List.of("ssh"), "from", List.of("10.0.0.0/8"), "longest", "1h")));
        site.hear(anna.register(site.nowMs.get()));
        Object _ = site.ask(request(
                "device-change",
                "anna",
                "rules",
                Map.of("services", List.of("web"), "from", List.of(), "uses", 3, "classical", false)));
        for (int start = 0; start < 2; start++) {
            Map<?, ?> listed = site.listed("anna").orElseThrow();
            assertThat(listed.get("services")).isEqualTo(List.of("web"));
            assertThat(listed.containsKey("from")).isFalse();
            assertThat(listed.get("longest")).isEqualTo("1h");
            assertThat(listed.get("uses")).isEqualTo(3);
            assertThat(listed.get("classical")).isEqualTo(false);
            assertThat(site.open(anna)).isEqualTo("heard anna");
            site.restart();
        }
        Object _ = site.ask(request("device-change", "anna", "rules", Map.of("uses", 0)));
        assertThat(site.listed("anna").orElseThrow().containsKey("uses")).isFalse();
    }

    @Test
    void rename_keepsTheDevice_andRevokingItTakesBackTheLeasesOfItsOldName() throws Exception {
        Phone anna = site.join("anna");
        site.leases.open("anna", "ssh");
        Object _ = site.ask(request("device-rename", "anna", "to", "desk"));
        assertThat(site.open(anna)).isEqualTo("heard desk");
        assertThat(site.state("anna")).isEqualTo("gone");
        assertThat(site.listed("desk").orElseThrow().get("leases")).isEqualTo(1);
        String _ = site.invite("bob");
        refused(request("device-rename", "bob", "to", "anna"), "there are still leases");
        refused(request("device-rename", "bob", "to", "desk"), "\"desk\" already");
        site.restart();
        assertThat(site.open(anna)).isEqualTo("heard desk");
        site.leases.open("desk", "web");
        site.leases.open("other", "web");
        assertThat(site.ask(request("device-revoke", "desk"))).isEqualTo(Map.of("leases", 2));
        assertThat(site.leases.labels()).containsExactly("other/web");
    }

    @Test
    void revoked_isOutAtOnce_andForGood() throws Exception {
        Phone anna = site.join("anna");
        byte[] recorded = anna.open(site.nowMs.get());
        String open = site.replace("anna");
        assertThat(site.ask(request("device-revoke", "anna"))).isEqualTo(Map.of("leases", 0));
        assertThat(site.hear(recorded)).isEqualTo("noise");
        assertThat(site.hear(new Phone(open).register(site.nowMs.get()))).isEqualTo("noise");
        site.restart();
        assertThat(site.open(anna)).isEqualTo("noise");
        assertThat(site.state("anna")).isEqualTo("gone");
        assertThat(site.open(site.join("anna"))).isEqualTo("heard anna");
    }

    @Test
    void revokingWithoutADisk_shutsOut_tellsThatItIsNotForGood_andCanBeRepeated() throws Exception {
        Phone anna = site.join("anna");
        site.leases.open("anna", "ssh");
        site.claims.broken = true;
        refused(request("device-revoke", "anna"), "still in the store, and would be back after a restart");
        assertThat(site.open(anna)).isEqualTo("noise");
        assertThat(site.leases.labels()).isEmpty();
        assertThat(site.state("anna")).isEqualTo("revoking");
        site.devices.expire(site.nowMs.get());
        assertThat(site.open(anna)).isEqualTo("noise");
        site.claims.broken = false;
        assertThat(site.ask(request("device-revoke", "anna"))).isEqualTo(Map.of("leases", 0));
        site.restart();
        assertThat(site.state("anna")).isEqualTo("gone");
    }

    /** The device's own packet is on its way to the disk while the administrator revokes it. */
    @Test
    void revokedWhileItRotatesOrRegisters_isOutAllTheSame() throws Exception {
        Phone anna = site.join("anna");
        var next = Phone.newKey();
        Phone bob = new Phone(site.invite("bob"));
        site.claims.atOnce = false;
        assertThat(site.hear(anna.rotate(next.publicKey(), site.nowMs.get()))).isEqualTo("rotated");
        assertThat(site.hear(bob.register(site.nowMs.get()))).isEqualTo("registered");
        assertThat(site.devices.changes().shut("anna")).isZero();
        assertThat(site.devices.changes().shut("bob")).isZero();
        assertThat(site.devices.changes().forget("anna")).isEmpty();
        site.claims.writeAll();
        Phone ahead = new Phone(anna);
        ahead.take(next);
        assertThat(List.of(site.open(anna), site.open(ahead), site.open(bob)))
                .containsExactly("noise", "noise", "noise");
        site.claims.atOnce = true;
        for (String name : List.of("anna", "bob")) {
            Object _ = site.ask(request("device-revoke", name));
        }
        site.restart();
        assertThat((List<?>) site.ask(Map.of("command", "devices"))).isEmpty();
        assertThat(List.of(site.open(anna), site.open(ahead), site.open(bob)))
                .containsExactly("noise", "noise", "noise");
    }

    @Test
    void keyByHand_enrolsAsAPacketDoes() throws Exception {
        Phone anna = new Phone(site.invite("anna"));
        String line = DeviceKeyText.write(anna.publicKey());
        Object _ = site.ask(request("device-key", "anna", "key", line));
        assertThat(site.open(anna)).isEqualTo("heard anna");
        refused(request("device-key", "anna", "key", line), "no open invitation");
        String _ = site.invite("bob");
        refused(request("device-key", "bob", "key", line), "key of device \"anna\" already");
        refused(
                request("device-key", "bob", "key", DeviceKeyText.write(new tirl.spa.X25519PublicKey(new byte[32]))),
                "cannot be used");
        site.restart();
        assertThat(site.open(anna)).isEqualTo("heard anna");
    }

    @Test
    void whatTheDiskRefuses_isNotDone_andTold() throws Exception {
        site.claims.broken = true;
        refused(request("invite", "anna", "rules", SSH), "nobody is invited: the disk is full");
        site.claims.broken = false;
        Phone anna = site.join("anna");
        site.claims.broken = true;
        refused(request("device-rename", "anna", "to", "bob"), "nothing is changed: the disk is full");
        refused(request("device-change", "anna", "rules", Map.of("leases", 3)), "nothing is changed: the disk is full");
        site.claims.broken = false;
        assertThat(site.open(anna)).isEqualTo("heard anna");
        Object _ = site.ask(request("device-rename", "anna", "to", "bob"));
        assertThat(site.open(anna)).isEqualTo("heard bob");
    }

    private List<Object> export() throws ControlException {
        return new ArrayList<>(site.exported());
    }

    @Test
    void exportedDevices_canBeImportedAgain() throws Exception {
        Phone anna = site.join("anna");
        Phone bob = new Phone(site.invite("bob", Map.of("services", List.of("web"), "uses", 5)));
        site.hear(bob.register(site.nowMs.get()));
        byte[] recorded = anna.open(site.nowMs.get());
        assertThat(site.hear(recorded)).isEqualTo("heard anna");
        List<Object> all = export();
        assertThat(all).hasSize(2);
        refused(Map.of("command", "devices-import", "devices", all), "\"anna\" is there already");
        Object _ = site.ask(request("device-revoke", "anna"));
        Object _ = site.ask(request("device-change", "bob", "rules", Map.of("uses", 9)));
        assertThat(site.ask(Map.of("command", "devices-import", "devices", all, "replace", true)))
                .isEqualTo(Map.of("added", 1, "changed", 1));
        assertThat(site.listed("bob").orElseThrow().get("uses")).isEqualTo(5);
        assertThat(site.hear(recorded)).isEqualTo("noise");
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.ask(Map.of("command", "devices-import", "devices", all, "replace", true)))
                .isEqualTo(Map.of("added", 0, "changed", 0));
        site.restart();
        assertThat(site.open(anna)).isEqualTo("heard anna");
        assertThat(site.open(bob)).isEqualTo("heard bob");
        assertThat(export()).hasSize(2);
    }

    @Test
    void importWithOneMistake_importsNothing() throws Exception {
        Phone anna = site.join("anna");
        String text = String.valueOf(((Map<?, ?>) export().getFirst()).get("text"));
        Object _ = site.ask(request("device-revoke", "anna"));
        Map<String, Object> good = Map.of("name", "anna", "text", text);
        Map<String, String> mistakes = Map.of(
                text,
                "device bob: its text is named \"anna\"",
                text.replace("anna", "bob"),
                "its name or its key is in the import twice",
                text.replace("anna", "bob").replace("longest", "longst"),
                "device bob:6:1: \"longst\" means nothing",
                text.replace("anna", "bob").replaceFirst("kem-seed.*", "kem-seed = \"AA==\""),
                "device bob:4:1: kem-seed: this is not the base64 of 64 octets",
                text.replace("anna", "bob").replaceFirst("TIRLKEY:.", "TIRLKEY:7"),
                "device bob:2:1: key: this is no key",
                "name = ",
                "device bob:1:8:");
        mistakes.forEach((wrong, words) -> refused(
                Map.of("command", "devices-import", "devices", List.of(good, Map.of("name", "bob", "text", wrong))),
                words));
        assertThat(site.state("anna")).isEqualTo("gone");
        assertThat(site.open(anna)).isEqualTo("noise");
        assertThat(site.ask(Map.of("command", "devices-import", "devices", List.of(good))))
                .isEqualTo(Map.of("added", 1, "changed", 0));
        assertThat(site.open(anna)).isEqualTo("heard anna");
    }
}

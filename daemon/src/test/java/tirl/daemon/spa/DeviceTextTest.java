package tirl.daemon.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tirl.config.NotationException;
import tirl.daemon.config.DeviceReader;
import tirl.device.AccessRules;
import tirl.device.CodeSecret;
import tirl.device.Device;
import tirl.device.Hours;
import tirl.device.Network;
import tirl.spa.AddressMode;
import tirl.spa.EnrolmentSecret;
import tirl.spa.KemSeed;
import tirl.spa.X25519PublicKey;

class DeviceTextTest {
    private final Random random = new Random(16);

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> List<T> some(List<T> all) {
        List<T> some = new ArrayList<>(all);
        some.removeIf(_ -> random.nextBoolean());
        return some;
    }

    private AccessRules rules() throws NotationException {
        List<String> services = some(List.of("ssh", "web", "a.b-c_d"));
        List<AddressMode> modes = some(List.of(AddressMode.values()));
        return new AccessRules(
                services.isEmpty() ? List.of("ssh") : services,
                some(List.of(Network.parse("10.0.0.0/8"), Network.parse("2001:db8::/32"), Network.parse("192.0.2.7"))),
                some(List.of(Hours.parse("mon-fri 08:00-18:00"), Hours.parse("daily 22:00-06:00"))),
                Duration.ofSeconds(1 + random.nextInt(100_000)),
                1 + random.nextInt(100),
                modes.isEmpty() ? EnumSet.of(AddressMode.DUAL) : EnumSet.copyOf(modes),
                random.nextBoolean() ? Optional.of(new CodeSecret(bytes(CodeSecret.LENGTH))) : Optional.empty(),
                random.nextBoolean(),
                random.nextBoolean() ? Optional.of(Instant.ofEpochMilli(random.nextInt())) : Optional.empty(),
                random.nextBoolean() ? OptionalInt.of(1 + random.nextInt(9)) : OptionalInt.empty());
    }

    @Test
    void whatIsWritten_isReadAsTheSame() throws Exception {
        for (int i = 0; i < 300; i++) {
            Device device = new Device(
                    "d" + i,
                    new X25519PublicKey(bytes(32)),
                    new EnrolmentSecret(bytes(32)),
                    new KemSeed(bytes(64)),
                    rules());
            String text = DeviceText.write(device);
            Device read = DeviceText.require("d", DeviceReader.device(text));
            assertThat(Peers.isSame(read, device)).isTrue();
            assertThat(read.name()).isEqualTo(device.name());
            assertThat(read.rules()).isEqualTo(device.rules());
            AccessRules alone = DeviceText.rules(DeviceText.write(device.rules()));
            assertThat(DeviceText.withCode(alone, device.rules().code())).isEqualTo(device.rules());
        }
    }

    @Test
    void allMistakes_areToldWithTheirPlaces_andNoSecretIsShown() {
        String text = """
                name = "a b"
                key = "TIRLKEY:AAAA"
                enrolment = "c2VjcmV0"
                services = []
                hours = ["sometimes"]
                leases = 0
                address = ["observed", "nowhere"]
                code = "SECRET"
                until = "tomorrow"
                uses = "one"
                colour = "red"
                """;
        assertThatThrownBy(() -> DeviceText.require("f.toml", DeviceReader.device(text)))
                .isInstanceOf(SpaException.class)
                .hasMessageContainingAll(
                        "f.toml: a device needs \"kem-seed\"",
                        "f.toml:1:1: \"a b\" is no name",
                        "f.toml:2:1: key: this is no key",
                        "f.toml:3:1: enrolment: this is not the base64 of 32 octets",
                        "f.toml:4:1: services is empty",
                        "f.toml:5:10: hours: ",
                        "f.toml:6:1: leases is 0; it goes from 1 to 4096",
                        "f.toml:7:24: address: \"nowhere\" is no address mode",
                        "f.toml:8:1: code: ",
                        "f.toml:9:1: until: \"tomorrow\" is no time",
                        "f.toml:10:1: uses must be a whole number",
                        "f.toml:11:1: \"colour\" means nothing in a device")
                .message()
                .doesNotContain("c2VjcmV0", "SECRET");
    }
}

package tirl.client.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.client.profile.Profile.Proof;
import tirl.packet.Address;
import tirl.spa.AddressMode;
import tirl.spa.Invitation.Carriers;
import tirl.spa.InvitationSecret;
import tirl.spa.X25519PrivateKey;

class SpaProfileTest {
    private final Random random = new Random(1);

    @TempDir
    private Path folder;

    private final X25519PrivateKey server = key();
    private final InvitationSecret secret = new InvitationSecret(bytes());
    private final Identity identity = new Identity(
            server.publicKey(),
            key(),
            secret.enrolment(server.publicKey()),
            secret.kemSeed(server.publicKey()).publicKey(),
            Optional.empty());

    @Test
    void newProfile_isForTheOwnerOnly_andReadBackTheSame() throws Exception {
        create(new Carriers(62201, 62299, true));

        Profile read = profiles().read("gate");
        assertThat(read.host()).isEqualTo("gate.example.org");
        assertThat(read.port()).isEqualTo(2222);
        assertThat(read.user()).contains("me");
        Proof.Spa spa = (Proof.Spa) read.proof();
        assertSame(spa.identity(), identity);
        assertThat(spa.carriers()).isEqualTo(new Carriers(62201, 62299, true));
        assertThat(spa.mode()).isEqualTo(AddressMode.OBSERVED);
        assertThat(spa.answer()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory())))
                .isEqualTo("rwx------");
        assertThat(spa.identity().toString()).doesNotContain("=");
    }

    @Test
    void existingProfile_isNeverOverwritten() throws Exception {
        create(new Carriers(62201, 62201, false));
        String before = Files.readString(file());

        assertThatThrownBy(() -> create(new Carriers(1, 1, false))).hasMessageContaining("choose another name");
        assertThat(Files.readString(file())).isEqualTo(before);
        try (Stream<Path> files = Files.list(directory())) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void otherKeys_leaveAllElseAsItIs() throws Exception {
        create(new Carriers(62201, 62201, false));
        String edited = Files.readString(file())
                .replace("[spa]", "lease = \"1h\" # mine\n[spa]\n# and this\nservices = [\"web\"]");
        Files.writeString(file(), edited);
        X25519PrivateKey next = key();
        Identity both = new Identity(
                identity.server(), identity.device(), identity.enrolment(), identity.kem(), Optional.of(next));

        profiles().rekey("gate", both);
        assertSame(((Proof.Spa) profiles().read("gate").proof()).identity(), both);
        profiles().rekey("gate", both.rotated().orElseThrow());
        Identity rotated = ((Proof.Spa) profiles().read("gate").proof()).identity();
        assertSame(rotated, both.rotated().orElseThrow());
        profiles().rekey("gate", identity);

        assertThat(Files.readString(file())).isEqualTo(edited);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void linkedProfile_staysALink() throws Exception {
        create(new Carriers(62201, 62201, false));
        Path elsewhere = Files.move(file(), folder.resolve("kept.toml"));
        Files.createSymbolicLink(file(), elsewhere);

        profiles().rekey("gate", identity);

        assertThat(file()).isSymbolicLink();
    }

    @Test
    void keyThatCannotBeReplaced_isToldAndNothingChanged() throws Exception {
        create(new Carriers(62201, 62201, false));
        String odd = Files.readString(file())
                .replace("device = \"", "device = \"\"\"")
                .replaceFirst("(device = \"\"\".*)\"", "$1\"\"\"");
        Files.writeString(file(), odd);

        assertThatThrownBy(() -> profiles().rekey("gate", identity))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("on a line of its own");
        assertThat(Files.readString(file())).isEqualTo(odd);
    }

    @Test
    void addresses_areRead() throws Exception {
        create(new Carriers(62201, 62201, false));
        add("address = \"claimed\"\naddresses = [\"192.0.2.7\", \"2001:db8::7\"]\ncode = true\nanswer = false");

        Proof.Spa spa = (Proof.Spa) profiles().read("gate").proof();
        assertThat(spa.mode()).isEqualTo(AddressMode.CLAIMED);
        assertThat(spa.addresses())
                .containsExactly(
                        Address.parse("192.0.2.7").orElseThrow(),
                        Address.parse("2001:db8::7").orElseThrow());
        assertThat(spa.code()).isTrue();
        assertThat(spa.answer()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            address = 'near'                                  | address must be
            addresses = ['192.0.2.7']                         | goes with address =
            address = 'equal'\\naddresses = ['x']             | "x" is no address
            address = 'dual'\\naddresses = ['1.1.1.1', '2.2.2.2'] | at most one of IPv4
            services = ['a', 'b', 'c', 'd']                   | at most 3 services
            services = 'a'                                    | services must be a list
            code = 1                                          | code must be true or false
            next-device = 'c2VjcmV0'                          | next-device is damaged
            sevices = ['a']                                   | is no key of [spa]
            """)
    void mistake_isNamedWithItsPlace_andNoSecret(String text, String message) throws Exception {
        create(new Carriers(62201, 62201, false));
        add(text.replace("\\n", "\n"));

        assertThatThrownBy(() -> profiles().read("gate"))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("gate.toml:")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("c2VjcmV0");
    }

    @Test
    void eitherSequenceOrKeys() throws Exception {
        create(new Carriers(62201, 62201, false));
        Files.writeString(file(), "knock = [\"tcp/1\"]\n" + Files.readString(file()));

        assertThatThrownBy(() -> profiles().read("gate")).hasMessageContaining("not both");
    }

    private static void assertSame(Identity one, Identity other) {
        assertThat(one.server()).isEqualTo(other.server());
        assertThat(one.device().bytes()).isEqualTo(other.device().bytes());
        assertThat(one.enrolment().bytes()).isEqualTo(other.enrolment().bytes());
        assertThat(one.kem()).isEqualTo(other.kem());
        assertThat(one.next().map(key -> List.of(key.publicKey())))
                .isEqualTo(other.next().map(key -> List.of(key.publicKey())));
    }

    private void create(Carriers carriers) throws ProfileException {
        Proof.Spa spa =
                new Proof.Spa(identity, carriers, false, List.of(), AddressMode.OBSERVED, List.of(), false, true);
        profiles().create(new Profile("gate", "gate.example.org", 2222, Optional.of("me"), Optional.empty(), spa), spa);
    }

    private void add(String text) throws IOException {
        Files.writeString(file(), Files.readString(file()) + text + "\n");
    }

    private Profiles profiles() {
        return new Profiles(directory());
    }

    private Path directory() {
        return folder.resolve("config/tirl");
    }

    private Path file() {
        return directory().resolve("gate.toml");
    }

    private X25519PrivateKey key() {
        return new X25519PrivateKey(bytes());
    }

    private byte[] bytes() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }
}

package tirl.client.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.client.profile.Identity;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.profile.Profiles;
import tirl.spa.Decision;
import tirl.spa.X25519PublicKey;

/** Cut short after each step, and gone on with from what is on the disk. */
class RotationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private FakeServer server;
    private X25519PublicKey first;

    @BeforeEach
    void start() throws IOException, ProfileException {
        server = new FakeServer();
        Proof.Spa spa = server.registered();
        first = spa.identity().device().publicKey();
        new Profiles(directory)
                .create(new Profile("gate", "127.0.0.1", 22, Optional.empty(), Optional.empty(), spa), spa);
        new Counter(directory.resolve("gate.counter")).begin(System.currentTimeMillis());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void key_isReplacedOnBothSides() throws Exception {
        assertThat(begin().finish(PATIENCE).answer().decision()).isEqualTo(Decision.REGISTERED);

        assertThat(stored().next()).isEmpty();
        assertThat(stored().device().publicKey()).isNotEqualTo(first);
        assertOpens(1);
        assertThat(server.device()).contains(stored().device().publicKey());
    }

    /** The first packet with the new key ends the old one. */
    @Test
    void beforeTheServerHears_bothKeysAreTried() throws Exception {
        begin();

        assertThat(stored().next()).isPresent();
        assertOpens(2);
        assertThat(stored().device().publicKey()).isEqualTo(first);
        assertThat(begin().finish(PATIENCE).answer().decision()).isEqualTo(Decision.REGISTERED);
        assertThat(stored().next()).isEmpty();
        assertOpens(1);
    }

    @Test
    void lostAnswer_isMadeUpFor() throws Exception {
        server.loseAnswers.set(1);
        Rotation rotation = begin();
        X25519PublicKey next = stored().next().orElseThrow().publicKey();

        rotation.finish(PATIENCE);

        assertThat(stored().device().publicKey()).isEqualTo(next);
        assertThat(stored().next()).isEmpty();
        assertOpens(1);
    }

    /** The server took the key, the answer was lost, and the user gave up: the next knock settles it. */
    @Test
    void nextKnock_findsOutWhichKeyHolds() throws Exception {
        server.loseAnswers.set(1);
        Rotation rotation = begin();
        X25519PublicKey next = stored().next().orElseThrow().publicKey();
        assertThatThrownBy(() -> rotation.finish(Duration.ofMillis(500)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("run `tirl rotate` again");
        assertThat(stored().device().publicKey()).isEqualTo(first);

        assertOpens(2);

        assertThat(stored().device().publicKey()).isEqualTo(next);
        assertThat(stored().next()).isEmpty();
        assertOpens(1);
    }

    @Test
    void serverThatRefuses_leavesTheOldKey() throws Exception {
        server.forgetAll();
        Rotation rotation = begin();

        assertThatThrownBy(() -> rotation.finish(Duration.ofMillis(300))).hasMessageContaining("both keys");
        assertThat(stored().device().publicKey()).isEqualTo(first);
    }

    private void assertOpens(int packets) throws Exception {
        try (SpaKnock knock =
                new SpaKnock(spa(), tools(), List.of(server.address()), Request.of(Request.Kind.OPEN, spa()), true)) {
            knock.ask(PATIENCE, Duration.ofMillis(300));
            assertThat(knock.yes()).isNotEmpty();
            assertThat(knock.sent()).isEqualTo(packets);
        }
    }

    private Rotation begin() throws IOException, ProfileException {
        return Rotation.begin(spa(), tools(), List.of(server.address()));
    }

    private Tools tools() throws IOException {
        return server.tools(
                directory.resolve("gate.counter"), identity -> new Profiles(directory).rekey("gate", identity));
    }

    private Proof.Spa spa() throws ProfileException {
        return (Proof.Spa) new Profiles(directory).read("gate").proof();
    }

    private Identity stored() throws ProfileException {
        return spa().identity();
    }
}

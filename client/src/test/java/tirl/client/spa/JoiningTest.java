package tirl.client.spa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.client.profile.Profile.Proof;
import tirl.spa.Body;
import tirl.spa.Decision;
import tirl.spa.Invitation;

class JoiningTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private FakeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        new Counter(directory.resolve("counter")).begin(System.currentTimeMillis());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void device_isRegisteredByOnePacket() throws IOException {
        Proof.Spa spa = server.profile();

        assertThat(joining(server.invitation(), spa).register(PATIENCE).answer().decision())
                .isEqualTo(Decision.REGISTERED);
        assertThat(server.device()).contains(spa.identity().device().publicKey());
        assertThat(server.opened)
                .singleElement()
                .isInstanceOfSatisfying(
                        Body.Register.class,
                        body -> assertThat(body.header().counter()).isEqualTo(1));
    }

    @Test
    void lostPacket_isSentAnew() throws IOException {
        server.lose.set(1);

        assertThat(joining(server.invitation(), server.profile())
                        .register(PATIENCE)
                        .answer()
                        .decision())
                .isEqualTo(Decision.REGISTERED);
    }

    /** The server says it once, and never again: the invitation is used. */
    @Test
    void lostAnswer_isMadeUpForByThePacketOfTheDevice() throws IOException {
        server.loseAnswers.set(1);

        assertThat(joining(server.invitation(), server.profile())
                        .register(PATIENCE)
                        .answer()
                        .decision())
                .isEqualTo(Decision.REHEARSED);
    }

    /** Whatever the server answers to the device's own packet, it knows the device. */
    @Test
    void denialToTheDevice_showsThatItIsRegistered() throws IOException {
        server.loseAnswers.set(1);
        server.decision = Decision.NETWORK_NOT_ALLOWED;

        assertThat(joining(server.invitation(), server.profile())
                        .register(PATIENCE)
                        .answer()
                        .decision())
                .isEqualTo(Decision.NETWORK_NOT_ALLOWED);
    }

    @Test
    void usedInvitation_isTold() throws IOException {
        server.forgetAll();
        Joining joining = joining(server.invitation(), server.profile());

        assertThatThrownBy(() -> joining.register(Duration.ofMillis(1200)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("used already")
                .hasMessageContaining("UDP port " + server.port())
                .hasMessageContaining("10 minutes")
                .hasMessageContaining("run the same again");
    }

    @Test
    void expiredInvitation_isKnownBeforeAnythingIsSent() throws IOException {
        Invitation invitation = server.invitation();
        Instant end = Instant.ofEpochSecond(invitation.validUntil());

        assertThat(Joining.expired(invitation, end.minusSeconds(1))).isEmpty();
        assertThat(Joining.expired(invitation, end).orElseThrow()).contains("valid until " + end);
    }

    private Joining joining(Invitation invitation, Proof.Spa spa) throws IOException {
        return new Joining(
                invitation, spa, server.tools(directory.resolve("counter"), _ -> {}), List.of(server.address()));
    }
}

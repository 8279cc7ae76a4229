package tirl.client.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.spa.Body;
import tirl.spa.Decision;
import tirl.spa.ServiceId;

class SpaKnockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private FakeServer server;
    private Proof.Spa spa;

    @BeforeEach
    void start() throws IOException {
        server = new FakeServer();
        spa = server.registered();
        new Counter(directory.resolve("counter")).begin(System.currentTimeMillis());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void request_isGranted_andSaysHow() throws Exception {
        Request request =
                new Request(Request.Kind.OPEN, List.of("web", "ssh"), Duration.ofMinutes(30), OptionalInt.of(123_456));
        server.skewMs.set(5_000);
        try (SpaKnock knock = knock(request)) {
            knock.ask(PATIENCE, Duration.ZERO);

            assertThat(knock.yes()).hasSize(1);
            Heard heard = knock.yes().getFirst();
            assertThat(heard.answer().decision()).isEqualTo(Decision.GRANTED);
            assertThat(heard.skewMs()).isBetween(3_000L, 7_000L);
            assertThat(heard.clock()).isEqualTo("this clock is 5 s slow");
        }
        assertThat(server.opened).singleElement().isInstanceOfSatisfying(Body.Open.class, open -> {
            assertThat(open.seconds()).isEqualTo(1800);
            assertThat(open.header().counter()).isEqualTo(1);
            assertThat(open.target().code()).hasValue(123_456);
            assertThat(open.target().grant()).isPositive();
            assertThat(open.target().services()).containsExactly(ServiceId.of("web"), ServiceId.of("ssh"));
        });
    }

    @Test
    void lostPackets_areSentAnew_forTheSameGrant() throws Exception {
        server.lose.set(1);
        server.loseAnswers.set(1);
        try (SpaKnock knock = knock(Request.of(Request.Kind.OPEN, spa))) {
            knock.ask(PATIENCE, Duration.ZERO);

            assertThat(knock.yes()).hasSize(1);
            assertThat(knock.sent()).isEqualTo(3);
        }
        assertThat(server.opened)
                .hasSize(2)
                .map(body -> ((Body.Open) body).target().grant())
                .containsOnly(((Body.Open) server.opened.getFirst()).target().grant());
    }

    @Test
    void no_isTheLastWord() throws Exception {
        server.decision = Decision.HOUR_NOT_ALLOWED;
        try (SpaKnock knock = knock(Request.of(Request.Kind.OPEN, spa))) {
            knock.ask(PATIENCE, Duration.ZERO);

            assertThat(knock.no())
                    .hasValueSatisfying(no -> assertThat(no.reason()).isEqualTo("not at this hour"));
            assertThat(knock.sent()).isEqualTo(1);
        }
    }

    @Test
    void serverThatHasJustStarted_isAskedAgain() throws Exception {
        server.decision = Decision.BEFORE_START;
        try (SpaKnock knock = knock(Request.of(Request.Kind.OPEN, spa))) {
            knock.ask(Duration.ofMillis(300), Duration.ZERO);
            assertThat(knock.no()).isEmpty();
            server.decision = Decision.GRANTED;
            knock.ask(PATIENCE, Duration.ZERO);

            assertThat(knock.yes()).isNotEmpty();
        }
    }

    /** Garbage of the right length and of others, an answer of another packet, all from the server's own address. */
    @Test
    void answersOfStrangers_areNotHeard() throws Exception {
        Random random = new Random(1);
        byte[] right = new byte[96];
        byte[] longer = new byte[1500];
        random.nextBytes(right);
        random.nextBytes(longer);
        server.noise = List.of(right, new byte[0], new byte[96], longer, new byte[95]);
        try (SpaKnock knock = knock(Request.of(Request.Kind.REHEARSE, spa))) {
            knock.ask(PATIENCE, Duration.ZERO);

            assertThat(knock.heard()).hasSize(1);
            assertThat(knock.yes()).hasSize(1);
        }
        server.loseAnswers.set(1);
        try (SpaKnock knock = knock(Request.of(Request.Kind.REHEARSE, spa))) {
            knock.ask(Duration.ofMillis(300), Duration.ZERO);

            assertThat(knock.heard()).isEmpty();
            assertThat(knock.silence()).contains("UDP port " + server.port()).contains("the device was revoked");
        }
    }

    @Test
    void closedPort_isTold() throws Exception {
        Tools tools = server.tools(directory.resolve("counter"), _ -> {});
        server.close();
        try (SpaKnock knock =
                new SpaKnock(spa, tools, List.of(server.address()), Request.of(Request.Kind.OPEN, spa), true)) {
            knock.ask(Duration.ofMillis(1500), Duration.ZERO);

            assertThat(knock.silence()).contains("nobody is at UDP port");
        } catch (IOException refusedAtOnce) {
            assertThat(refusedAtOnce).hasMessageContaining("refused");
        }
    }

    /** A counter from a backup: the server knows all its numbers. */
    @Test
    void oldCounter_healsItself() throws Exception {
        server.highest.set(1_000);
        try (SpaKnock knock = knock(Request.of(Request.Kind.OPEN, spa))) {
            knock.ask(PATIENCE, Duration.ZERO);

            assertThat(knock.yes()).hasSize(1);
            assertThat(knock.sent()).isEqualTo(3);
        }
        assertThat(server.highest.get()).isGreaterThan(1L << 40);
    }

    private SpaKnock knock(Request request) throws IOException, ProfileException {
        return new SpaKnock(
                spa, server.tools(directory.resolve("counter"), _ -> {}), List.of(server.address()), request, true);
    }
}

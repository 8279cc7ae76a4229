package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon and the real kernel: SIGKILL at a seeded choice of system calls, while doors are opened, extended, taken back,
 * run out and the configuration is read anew, and while it starts. What was promised before holds after the next start.
 */
@Tag("netns")
class CrashKillTest {
    private static final long SEED = 20261121;
    private static final int POINTS = Integer.getInteger("tirl.crash.points", 14);
    /** A site has addresses for so many. */
    private static final int POINTS_PER_SITE = 70;

    private static final int[] WIDE = {7200, 8200, 9200};
    private static final int[] HOOKED = {7300, 8300, 9300};
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private Path said = Path.of("/nonexistent");
    private Path state = Path.of("/nonexistent");
    private Site site;

    @BeforeEach
    void startDaemon() throws IOException {
        Path own = Files.createTempDirectory(folder, "site");
        said = own.resolve("said");
        state = own.resolve("state");
        site = Site.with("state = \"" + state + "\"\n"
                + Doors.plain()
                + Doors.service("dns", "tcp/53")
                + Doors.door("wide", "tcp/7200 tcp/8200 tcp/9200", "opens = [\"ssh\", \"dns\"]", "for = \"60s\"")
                + Doors.door("hooked", "tcp/7300 tcp/8300 tcp/9300", "for = \"2s\"", says("start"), says("stop")));
    }

    @AfterEach
    void stopDaemon() {
        site.close();
    }

    private String says(String hook) {
        return hook + " = \"echo " + hook + " %IP% >> " + said + "\"";
    }

    @Test
    void killedAtAnySystemCall_keepsItsPromises() throws IOException {
        Random random = new Random(SEED);
        Map<String, Integer> deaths = new HashMap<>();
        for (int i = 0; i < POINTS; i++) {
            Point point = new Point(random);
            point.run();
            point.died().forEach(call -> deaths.merge(call, 1, Integer::sum));
            if (i % POINTS_PER_SITE == POINTS_PER_SITE - 1) {
                assertHooks();
                site.close();
                startDaemon();
            }
        }
        assertHooks();
        assertThat(deaths.values().stream().mapToInt(Integer::intValue).sum()).isGreaterThanOrEqualTo(POINTS);
        System.out.println(POINTS + " points; killed at " + deaths);
    }

    /** What somebody was told, or could see, before the daemon died. */
    private final class Point {
        private final Random random;
        private final KillPoint kill;
        private final boolean killsStart;
        private final Client opener = site.client();
        private final Client revoked = site.client();
        private final List<String> open = new ArrayList<>();
        private final List<String> died = new ArrayList<>();
        private boolean isRevoked;

        Point(Random random) {
            this.random = random;
            kill = KillPoint.random(random);
            killsStart = random.nextInt(4) == 0;
        }

        List<String> died() {
            return died;
        }

        void run() throws IOException {
            try (Background _ = kill.attach(site.tirl.handle())) {
                List<Runnable> script = new ArrayList<>(List.of(
                        () -> open("plain", Site.SSH, Doors.PLAIN),
                        () -> open("wide", Site.DNS, WIDE),
                        () -> site.client().syns(site.ipv4(), Site.PACE, HOOKED),
                        () -> ask("{\"command\":\"reload\"}"),
                        this::openAndRevoke,
                        () -> open("plain", Site.SSH, Doors.PLAIN)));
                Collections.shuffle(script, random);
                for (Runnable step : script) {
                    if (site.tirl.alive()) {
                        step.run();
                    }
                }
                end(kill.call(), Function.identity());
            }
            if (killsStart) {
                KillPoint atStart = new KillPoint(random.nextBoolean() ? "sendto" : "pwrite64", 1 + random.nextInt(14));
                site.tirl.restartUnder(atStart.tracer());
                // The tracer has one child.
                end(
                        "start: " + atStart.call(),
                        tracer -> tracer.children().findFirst().orElse(tracer));
            }
            assertReadable();
            site.tirl.restart();
            check();
        }

        /** Whatever the point was, it does not live on; hooks that it started do. */
        private void end(String call, Function<ProcessHandle, ProcessHandle> daemon) {
            died.add(site.tirl.alive() ? "end of script" : call);
            daemon.apply(site.tirl.handle()).destroyForcibly();
            int _ = site.tirl.awaitEnd();
        }

        private void open(String door, int port, int[] knocks) {
            opener.syns(site.ipv4(), Site.PACE, knocks);
            if (awaitOpen(opener, port)) {
                open.add(door);
            }
        }

        private boolean awaitOpen(Client client, int port) {
            boolean[] reached = new boolean[1];
            Await.until(() -> "port " + port + " opens; the log:\n" + site.tirl.log(), LIMIT, () -> {
                reached[0] = client.connects(site.ipv4(), port, Site.PROBE);
                return reached[0] || !site.tirl.alive();
            });
            return reached[0];
        }

        private void openAndRevoke() {
            revoked.syns(site.ipv4(), Site.PACE, Doors.PLAIN);
            if (awaitOpen(revoked, Site.SSH)) {
                isRevoked = ask("{\"command\":\"revoke\",\"what\":\"" + revoked.ipv4() + "\"}")
                        .contains("\"ok\":true");
            }
        }

        private void check() {
            List<Map<String, Object>> leases = leases();
            for (String door : open) {
                // Two doors over port 22: that it is open does not say which of them opened it.
                boolean isSure = door.equals("wide") || !open.contains("wide");
                assertThat(leases.stream().anyMatch(lease -> is(lease, opener) && door.equals(lease.get("door"))))
                        .as(
                                "the lease of %s at %s; killed at %s; leases %s\n%s",
                                opener, door, kill, leases, site.tirl.log())
                        .matches(found -> found || !isSure);
                int port = door.equals("wide") ? Site.DNS : Site.SSH;
                assertThat(opener.connects(site.ipv4(), port, Site.SOON))
                        .as("%s for %s; killed at %s", port, opener, kill)
                        .isTrue();
            }
            if (isRevoked) {
                assertThat(leases).noneMatch(lease -> is(lease, revoked));
                assertThat(revoked.reach(site.ipv4(), Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);
            }
            assertThat(leases).allSatisfy(lease -> {
                double longest = "wide".equals(lease.get("door")) ? 60 : "hooked".equals(lease.get("door")) ? 2 : 30;
                assertThat(Double.parseDouble(String.valueOf(lease.get("left"))))
                        .isBetween(0.0, longest);
            });
        }

        private static boolean is(Map<String, Object> lease, Client client) {
            return client.ipv4().equals(lease.get("source"));
        }
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> leases() {
        List<Map<String, Object>> answers = Json.lines(ask("{\"command\":\"leases\"}"));
        return (List<Map<String, Object>>) answers.getFirst().getOrDefault("result", List.of());
    }

    /** One request; an empty answer when the daemon dies over it. */
    private String ask(String request) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(site.tirl.controlSocket()));
            Channels.newOutputStream(channel).write((request + "\n").getBytes(StandardCharsets.UTF_8));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException died) {
            return "";
        }
    }

    /** A copy, as looking at the file itself would tidy it up. */
    private void assertReadable() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("copy"));
        for (String name : List.of("tirl.db", "tirl.db-wal")) {
            Files.deleteIfExists(copy.resolve(name));
            Path file = state.resolve(name);
            if (Files.exists(file)) {
                Files.copy(file, copy.resolve(name));
            }
        }
        assertThat(Command.run(
                                Namespace.SOON,
                                List.of("sqlite3", copy.resolve("tirl.db").toString(), "PRAGMA integrity_check"))
                        .orThrow()
                        .out()
                        .strip())
                .isEqualTo("ok");
    }

    /** Each start hook has its stop hook in the end; one that ran while the daemon died may have run once more. */
    private void assertHooks() throws IOException {
        Await.until(() -> "a stop for each start in " + hooks(), LIMIT, () -> {
            List<String> hooks = hooks();
            return hooks.stream()
                    .filter(line -> line.startsWith("start "))
                    .allMatch(line -> hooks.contains(line.replace("start ", "stop ")));
        });
        assertThat(hooks())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(Collections.frequency(hooks(), line))
                        .as(line)
                        .isLessThanOrEqualTo(line.startsWith("start ") ? 1 : 2));
    }

    private List<String> hooks() {
        try {
            return Files.exists(said) ? Files.readAllLines(said) : List.of();
        } catch (IOException e) {
            throw new LabException("could not read " + said, e);
        }
    }
}

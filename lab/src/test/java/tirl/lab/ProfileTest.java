package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's profiles against a real daemon: open, proxy, ssh and keep. */
@Tag("netns")
class ProfileTest {
    private static final String RIGHT = "['tcp/7000', 'tcp/8000', 'tcp/9000']";

    @TempDir
    private Path profiles;

    private Site site;

    @BeforeEach
    void start() {
        site = Site.with(
                Doors.service("ssh", "tcp/22") + Doors.door("plain", "tcp/7000 tcp/8000 tcp/9000", "for = \"3s\""));
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void openAndWait_saysHowLongItTook(String family) throws IOException {
        write(site.address(family), RIGHT);

        Output opened = run("open", "gate", "--wait");

        assertThat(opened.exit()).as(opened.toString()).isZero();
        assertThat(opened.out()).matches("(?s).* port 22 is open after \\d+ ms\\s");
    }

    @Test
    void wrongSequence_isNotMetWithBareSilence() throws IOException {
        write(site.ipv4(), "['tcp/7000', 'tcp/9000', 'tcp/8000']");

        Output opened = run("open", "gate", "--wait", "--within", "1s");

        assertThat(opened.exit()).isEqualTo(1);
        assertThat(opened.err())
                .contains("gave no answer within 1 s after one knock")
                .contains("tirl watch");
    }

    @Test
    void nobodyListens_isTold() throws IOException {
        site.tirl.write(
                List.of("srv0"), Doors.service("ssh", "tcp/2222") + Doors.door("plain", "tcp/7000 tcp/8000 tcp/9000"));
        site.tirl.reload("reloaded");
        write(site.ipv4(), RIGHT + "\nport = 2222");

        Output opened = run("open", "gate", "--wait", "--within", "1s");

        assertThat(opened.exit()).isEqualTo(1);
        assertThat(opened.err()).contains("refuses connections").contains("the service does not run");
    }

    @Test
    void proxy_knocksConnectsAndSplices() throws IOException {
        write(site.ipv4(), RIGHT);
        try (Talker talker = Talker.listen(site.network.server(), 2222)) {
            site.tirl.write(
                    List.of("srv0"),
                    Doors.service("ssh", "tcp/2222") + Doors.door("plain", "tcp/7000 tcp/8000 tcp/9000"));
            site.tirl.reload("reloaded");

            Background proxy = site.network
                    .clients()
                    .startWith(
                            "hello",
                            TirlProcess.launcher(),
                            "proxy",
                            "--profiles",
                            profiles.toString(),
                            site.ipv4(),
                            "2222");

            Await.until(
                    () -> "both ways work:\n" + proxy.err(),
                    Site.SOON.multipliedBy(3),
                    () -> proxy.out().contains("ttt") && talker.heard() == 5);
            proxy.close();
        }
    }

    /** What ssh is given; ssh itself is only a client of the proxy. */
    @Test
    void ssh_isRunWithTheProxy_andGivesItsExitCode() throws IOException {
        write(site.ipv4(), RIGHT + "\nuser = 'me'");
        Path bin = Files.createDirectory(profiles.resolve("bin"));
        Path ssh = Files.writeString(bin.resolve("ssh"), """
                #!/bin/sh
                command=${1#-oProxyCommand=}
                shift
                echo "args: $*"
                echo hello | sh -c "$(echo "$command" | sed 's/%%p/22/')"
                exit 7
                """.replace("%%", "%"));
        Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwxr-xr-x"));

        Output seen = site.network
                .clients()
                .run(
                        "env",
                        "PATH=" + bin + ":/usr/sbin:/usr/bin:/bin",
                        TirlProcess.launcher(),
                        "ssh",
                        "--profiles",
                        profiles.toString(),
                        "gate",
                        "-v",
                        "uptime");

        assertThat(seen.exit()).as(seen.toString()).isEqualTo(7);
        assertThat(seen.out()).contains("args: -p22 -lme " + site.ipv4() + " -v uptime");
    }

    @Test
    void keep_renewsBeforeTheEnd() throws IOException {
        write(site.ipv4(), RIGHT + "\nlease = '3s'");
        try (Background keep = keep()) {
            awaitKnocks(keep, 5);
            assertThat(site.tirl.control("leases", "--json").out()).contains("\"door\":\"plain\"");
        }
    }

    /** Long before the lease ends. */
    @Test
    void keep_knocksAtOnceWhenTheNetworkChanges() throws IOException {
        write(site.ipv4(), RIGHT + "\nlease = '1h'");
        try (Background keep = keep()) {
            awaitKnocks(keep, 1);
            site.network.clients().ip("address add 192.0.2.77/32 dev cli0");
            awaitKnocks(keep, 2);
        }
    }

    private Background keep() {
        return site.network.clients().start(TirlProcess.launcher(), "keep", "--profiles", profiles.toString(), "gate");
    }

    private static void awaitKnocks(Background keep, int count) {
        Await.until(
                () -> count + " knocks:\n" + keep.out() + keep.err(),
                Site.SOON.multipliedBy(4),
                () -> keep.out()
                                .lines()
                                .filter(line -> line.startsWith("knocked"))
                                .count()
                        >= count);
    }

    private void write(String host, String knock) throws IOException {
        Path file = profiles.resolve("gate.toml");
        Files.writeString(file, "host = '" + host + "'\nknock = " + knock + "\npause = '3ms'\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Output run(String command, String... words) {
        String[] all = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(TirlProcess.launcher(), command, "--profiles", profiles.toString()),
                        java.util.stream.Stream.of(words))
                .toArray(String[]::new);
        return site.network.clients().run(all);
    }
}

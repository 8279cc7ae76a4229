package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host that starts: the table is loaded from the file that the daemon left, and no daemon comes. */
@Tag("netns")
class BootTest {
    private static final List<String> INTERFACES = List.of("srv0");
    private static final String CONFIG = Doors.plain() + Glass.SECTION;

    private Site site;

    @BeforeEach
    void startDaemon() {
        site = Site.with(CONFIG);
    }

    @AfterEach
    void stopDaemon() {
        site.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void fileInAFreshHost_guards_andBreakGlassOpens(String family) {
        site.knockPlain(site.client());
        try (Network booted = Network.create();
                EchoService ssh = EchoService.listen(booted.server(), Site.SSH)) {
            String server = family.equals("ipv6")
                    ? booted.wire().serverIpv6()
                    : booted.wire().serverIpv4();
            Client client = booted.client();
            Client stranger = booted.client();
            assertThat(client.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.OPEN);

            load(booted);
            assertThat(client.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);
            Glass.knock(client, server);

            Trying.awaitReach(client, server, Site.SSH, Reach.OPEN);
            assertThat(stranger.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.SILENT);
            load(booted); // as `systemctl restart` does, over itself
            assertThat(client.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.OPEN);
            assertThat(ssh).isNotNull();
        }
    }

    @Test
    void daemonAfterTheFile_takesOverAsFromADaemon() throws IOException {
        Client client = site.client();
        site.tirl.end("KILL");
        site.network.server().nft("flush ruleset\n");
        load(site.network);
        Glass.knock(client, site.ipv4());
        site.assertOpens(client, site.ipv4());

        site.tirl.restart();

        Glass.awaitDormant(site);
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        site.assertShut(site.client(), site.ipv4());
        assertThat(LeaseRow.of(site.tirl)).hasSize(1);
    }

    @Test
    void file_isForRootOnly_andHasNoLease_andFollowsTheConfiguration() throws IOException {
        Client client = site.client();
        site.knockPlain(client);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        String first = Trying.text(file());
        assertThat(first).contains("tcp . 22").doesNotContain(client.ipv4());

        Trying.begin(site.tirl, Trying.OTHER, "60s");
        assertThat(file()).hasContent(first);
        site.tirl.control("rollback").orThrow();
        assertThat(file()).hasContent(first);
        site.tirl.write(INTERFACES, Trying.OTHER);
        site.tirl.reload("reloaded");
        assertThat(Trying.text(file())).contains("tcp . 53").doesNotContain("glass", "alive");
        try (Network booted = Network.create()) {
            load(booted);
            load(booted);
        }

        site.tirl.end("KILL");
        site.tirl.control("uninstall").orThrow();
        assertThat(file()).doesNotExist();
        site.tirl.restart();
        assertThat(file()).exists();
        site.tirl.control("stop").orThrow();
        assertThat(file()).doesNotExist();
    }

    @Test
    void fileThatCannotBeWritten_isAWarning() throws IOException {
        Files.delete(file());
        Files.createDirectories(file().resolve("full"));

        site.tirl.write(INTERFACES, CONFIG + Doors.service("dns", "tcp/53"));
        site.tirl.reload("reloaded");

        assertThat(site.tirl.log()).contains("warning").contains("guard.nft cannot be written");
        assertThat(site.client().reach(site.ipv4(), Site.DNS, Site.PROBE)).isEqualTo(Reach.SILENT);
        site.knockPlain(site.client());
    }

    /** With programs that are there in place of the installed ones. */
    @ParameterizedTest
    @ValueSource(strings = {"tirl-guard.service", "tirl.service"})
    void unit_isUnderstood(String name) throws IOException {
        Path folder = Files.createTempDirectory("tl");
        try {
            String text = Files.readString(ConventionsTest.REPOSITORY.resolve("packaging/systemd/" + name));
            assertThat(text).contains("network-pre.target");
            Path unit = Files.writeString(folder.resolve(name), text.replace("/usr/lib/tirl/tirl", "/bin/true"));

            Output verified = Command.run(Namespace.SOON, List.of("systemd-analyze", "verify", unit.toString()));

            assertThat(verified.orThrow().err()).doesNotContain(name);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(folder);
        }
    }

    private Path file() {
        return site.tirl.state().resolve("guard.nft");
    }

    /** As the unit does it. */
    private void load(Network host) {
        host.server().run("nft", "-f", file().toString()).orThrow();
    }
}

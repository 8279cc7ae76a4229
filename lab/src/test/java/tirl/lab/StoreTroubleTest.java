package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The store on a disk that is full, read-only, damaged, taken, or of another version: the daemon guards and opens what needs
 * no store, keeps shut what does, says so once, touches nothing, and goes on by itself when the trouble is over.
 */
@Tag("netns")
class StoreTroubleTest {
    private static final int[] HOOKED = {7300, 8300, 9300};
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    @TempDir
    private Path folder = Path.of("/nonexistent");

    private Path disk = Path.of("/nonexistent");
    private Path said = Path.of("/nonexistent");

    @BeforeEach
    void mountSmallDisk() throws IOException {
        disk = Files.createDirectory(folder.resolve("disk"));
        said = folder.resolve("said");
        run("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tirl-test", disk.toString());
    }

    @AfterEach
    void unmount() {
        run("umount", "--lazy", disk.toString());
    }

    @Test
    void fullDisk_failsClosedForHooks_andGoesOnWhenThereIsRoom() throws IOException {
        Path filler = fill();
        try (Site site = start()) {
            assertFailsClosed(site, "the disk is full; make room");

            Files.delete(filler);

            assertRecovers(site);
        }
    }

    /** Nobody knows of it until the first write. What opened meanwhile is taken back. */
    @Test
    void diskThatGetsFullWhileItRuns_takesBackWhatItsHooksCannotFollow() throws IOException {
        try (Site site = start()) {
            Client client = site.client();
            site.knockPlain(client);
            Path filler = fill();

            Client hooked = knockHooked(site);
            awaitLog(site, hooked.ipv4() + " hooked: denied: its hooks need the store");
            site.awaitShut(hooked, site.ipv4(), Site.SOON);
            assertThat(said).doesNotExist();
            site.tirl.control("revoke", client.ipv4()).orThrow();
            site.assertShut(client, site.ipv4());

            Files.delete(filler);
            assertRecovers(site);
        }
    }

    @Test
    void readOnlyDisk_failsClosedForHooks_andBreakGlassWorks() {
        run("mount", "-o", "remount,ro", disk.toString());
        try (Site site = start()) {
            assertFailsClosed(site, "Read-only file system");
            // In the mount namespace that `ip netns exec` made for it.
            String daemon = Long.toString(site.tirl.handle().pid());
            run("nsenter", "-t", daemon, "-m", "mount", "-o", "remount,rw", disk.toString());
            assertRecovers(site);

            assertThat(site.tirl.end("KILL")).isNotZero();
            Glass.awaitNoHeartbeat(site);
            Client client = site.client();
            Glass.knock(client, site.ipv4());
            site.assertOpens(client, site.ipv4());
        }
    }

    @Test
    void damagedFile_isLeftAlone_andANewOneBegunWhenItIsMovedAway() throws IOException {
        Path file = Files.createDirectory(disk.resolve("state")).resolve("tirl.db");
        Files.writeString(file, "this was a database once ".repeat(400));
        byte[] before = Files.readAllBytes(file);
        run("chmod", "700", disk.resolve("state").toString());
        try (Site site = start()) {
            assertFailsClosed(site, "the file is damaged and left as it is. Move it away");
            assertThat(file).hasBinaryContent(before);

            Files.move(file, folder.resolve("evidence"));

            assertRecovers(site);
        }
    }

    @Test
    void fileThatAnotherProcessHolds_isWaitedFor() {
        try (Site site = start()) {
            site.tirl.end("TERM");
            Path file = disk.resolve("state").resolve("tirl.db");
            try (Background _ =
                    Command.start(List.of("sqlite3", file.toString()), "BEGIN EXCLUSIVE;\n.shell sleep 600\n")) {
                Await.until(
                        "the lock",
                        Site.SOON,
                        () -> !sqlite("BEGIN IMMEDIATE; ROLLBACK").succeeded());
                site.tirl.restart();
                assertFailsClosed(site, "another process has it locked");
            }
            assertRecovers(site);
        }
    }

    @Test
    void fileOfANewerVersion_isRefused() {
        try (Site site = start()) {
            site.tirl.end("TERM");
            sqlite("PRAGMA user_version = 99").orThrow();
            site.tirl.restart();
            assertFailsClosed(site, "its tables have version 99, this one knows ");
            assertThat(sqlite("PRAGMA user_version").orThrow().out().strip()).isEqualTo("99");
        }
    }

    private Output sqlite(String statement) {
        return Command.run(
                Namespace.SOON,
                List.of("sqlite3", disk.resolve("state").resolve("tirl.db").toString(), statement));
    }

    private Site start() {
        return Site.with("state = \"" + disk.resolve("state") + "\"\n"
                + Doors.plain()
                + Doors.door("hooked", "tcp/7300 tcp/8300 tcp/9300", "for = \"30s\"", says("start"), says("stop"))
                + Glass.SECTION);
    }

    private String says(String hook) {
        return hook + " = \"echo " + hook + " %IP% >> " + said + "\"";
    }

    private void assertFailsClosed(Site site, String reason) {
        awaitLog(site, reason);
        site.knockPlain(site.client());
        Client client = knockHooked(site);
        awaitLog(site, client.ipv4() + " hooked: denied: its hooks need the store");
        site.assertShut(client, site.ipv4());
        assertThat(said).doesNotExist();
        assertThat(site.tirl.log().lines().filter(line -> line.contains("Meanwhile doors with hooks")))
                .as(site.tirl.log())
                .hasSize(1);
    }

    private void assertRecovers(Site site) {
        awaitLog(site, "the store works again");
        Client client = knockHooked(site);
        site.assertOpens(client, site.ipv4());
        Await.until(() -> "a start hook; the log:\n" + site.tirl.log(), Site.SOON, () -> Files.exists(said));
        site.tirl.control("revoke", client.ipv4()).orThrow();
        Await.until("its stop hook", Site.SOON, () -> saidStop(client));
    }

    private boolean saidStop(Client client) {
        try {
            return Files.readString(said).contains("stop " + client.ipv4());
        } catch (IOException e) {
            throw new LabException("could not read " + said, e);
        }
    }

    private static Client knockHooked(Site site) {
        Client client = site.client();
        client.syns(site.ipv4(), Site.PACE, HOOKED);
        return client;
    }

    private static void awaitLog(Site site, String text) {
        Await.until(
                () -> "\"" + text + "\" in the log:\n" + site.tirl.log(),
                RECOVERY,
                () -> site.tirl.log().contains(text));
    }

    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        // It ends with "no space left", which is the point.
        var _ = Command.run(
                Namespace.SOON, List.of("dd", "if=/dev/zero", "of=" + filler, "bs=4096", "count=1000", "status=none"));
        assertThat(Files.size(filler)).isGreaterThan(500_000);
        return filler;
    }

    private static void run(String... words) {
        Command.run(Namespace.SOON, List.of(words)).orThrow();
    }
}

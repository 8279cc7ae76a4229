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

/** Commands of clients, and the administrator's own in place of opening ports. */
@Tag("netns")
class FwknopCommandTest {
    @TempDir
    private Path folder = Path.of("/nonexistent");

    private FwknopFolder files;
    private Site site;
    private Client anna;
    private Path says = Path.of("/nonexistent");

    @BeforeEach
    void start() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(folder.resolve("said"));
        Files.setPosixFilePermissions(folder.resolve("said"), PosixFilePermissions.fromString("rw-rw-rw-"));
        // One line for each argument, and whose process it is.
        says = Files.writeString(
                folder.resolve("says"),
                "#!/bin/sh\n{ id -un; for word; do echo \"<$word>\"; done; } | tr '\\n' ' ' >> " + folder
                        + "/said\necho >> " + folder + "/said\n");
        Files.setPosixFilePermissions(says, PosixFilePermissions.fromString("rwxr-xr-x"));
        files = new FwknopFolder(folder);
        files.conf("CMD_EXEC_TIMEOUT 2")
                .access(
                        files.stanza("root", "ENABLE_CMD_EXEC Y"),
                        files.stanza("nobody", "ENABLE_CMD_EXEC Y", "CMD_EXEC_USER nobody"),
                        files.stanza("none", "OPEN_PORTS tcp/22"),
                        files.stanza(
                                "cycle",
                                "CMD_CYCLE_OPEN " + says + " open $IP $SRC $PKT_SRC $DST $PORT $PROTO $CLIENT_TIMEOUT",
                                "CMD_CYCLE_CLOSE " + says + " close $IP",
                                "CMD_CYCLE_TIMER 2"));
        site = files.start();
        anna = site.client();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void command_isOneProgramWithItsArguments_andNoShellSeesThem() {
        command(
                "root",
                says + " a;touch " + folder + "/x $(touch " + folder + "/x) `id` 'q >" + folder
                        + "/x | & * ~ $HOME \\");

        awaitSaid("root <a;touch> <" + folder + "/x> <$(touch> <" + folder + "/x)> <`id`> <'q> <>" + folder
                + "/x> <|> <&> <*> <~> <$HOME> <\\>");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    /** The client sends what it is given; the server takes no line break for anything. */
    @Test
    void commandWithALineBreak_isNotRun() {
        anna.run("true").orThrow();
        anna.run(
                "fwknop",
                "-D",
                site.ipv4(),
                "--no-save-args",
                "--no-rc-file",
                "-a",
                anna.ipv4(),
                "-C",
                says + " a\ntouch " + folder + "/x");
        command("root", says + " after");

        awaitSaid("root <after>");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void command_runsAsItsUser_andOnlyWhereAllowed() {
        command("none", says + " never");
        FwknopFolder.awaitLog(site, files.label("none") + ": denied: asks for a command, and ENABLE_CMD_EXEC is not Y");
        command("nobody", says + " hello");

        awaitSaid("nobody <hello>");
    }

    /** fwknopd waits for each command, and everybody waits for fwknopd. */
    @Test
    void commandThatHangs_holdsUpNobody_andIsEnded() {
        command("root", "sleep 3600");
        files.send(site, anna, "none", "-A", "tcp/22", "-a", anna.ipv4());
        site.assertOpens(anna, site.ipv4());
        command("nobody", says + " meanwhile");
        awaitSaid("nobody <meanwhile>");

        FwknopFolder.awaitLog(site, "the hook ended with status 124");
        command("root", says + " after");
        awaitSaid("nobody <meanwhile>", "root <after>");
    }

    @Test
    void cycle_opensAndCloses() {
        String args = "<10.0.0.1> <10.0.0.1> <" + anna.ipv4() + "> <" + site.ipv4() + "> <22> <6> <0>";
        files.send(site, anna, "cycle", "-A", "tcp/22", "-a", "10.0.0.1");

        awaitSaid("root <open> " + args, "root <close> <10.0.0.1>");
        assertThat(KernelLease.of(site.network.server())).isEmpty();
    }

    @Test
    void cycleThatIsOpen_isClosedAlsoAfterAKill() {
        files.send(site, anna, "cycle", "-A", "tcp/22", "-a", "10.0.0.1", "-f", "5");
        Await.until("it is open", FwknopFolder.SOON, () -> files.read("said").contains("<open>"));
        site.tirl.end("KILL");
        assertThat(files.read("said")).doesNotContain("<close>");

        site.tirl.restart();

        Await.until(
                () -> "it is closed; the log:\n" + site.tirl.log(),
                FwknopFolder.SOON,
                () -> files.read("said").endsWith("root <close> <10.0.0.1> \n"));
        assertThat(files.read("said").lines()).hasSize(2);
    }

    private void command(String stanza, String text) {
        files.send(site, anna, stanza, "-C", text, "-a", anna.ipv4());
    }

    private void awaitSaid(String... lines) {
        Await.until(
                () -> List.of(lines) + ", and there is " + files.read("said") + "; the log:\n" + site.tirl.log(),
                FwknopFolder.SOON,
                () -> files.read("said").lines().map(String::strip).toList().equals(List.of(lines)));
    }
}

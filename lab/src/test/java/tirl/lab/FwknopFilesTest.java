package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** fwknopd's files as administrators write them. */
@Tag("netns")
class FwknopFilesTest {
    private static final Path DEBIAN = Path.of("/etc/fwknop");
    private static final String[] SSH = {"-A", "tcp/22", "-a", "10.0.0.1"};

    @TempDir
    private Path folder = Path.of("/nonexistent");

    @Test
    void stanzasAndKeysOfOtherFiles_areTaken() {
        FwknopFolder files = new FwknopFolder(folder);
        files.write("one.conf", files.stanza("one", "OPEN_PORTS tcp/22"));
        files.write("more.d/two.conf", files.stanza("two", "OPEN_PORTS tcp/22"));
        files.write("more.d/three.conf", files.stanza("three", "OPEN_PORTS tcp/22"));
        files.write("more.d/no", "this is no file of stanzas\n");
        files.write("four.keys", files.keyLines("four"));
        files.access(
                "%include " + folder.resolve("one.conf"),
                "%include_folder " + folder.resolve("more.d"),
                "# four\nSOURCE ANY\nOPEN_PORTS tcp/22\n%include_keys " + folder.resolve("four.keys"));
        try (Site site = files.start()) {
            Client anna = site.client();
            opens(site, anna, files, "one", files.label("one.conf", "one"));
            opens(site, anna, files, "two", "fwknop:two.conf:2");
            opens(site, anna, files, "three", "fwknop:three.conf:2");
            opens(site, anna, files, "four", files.label("four"));
        }
    }

    @Test
    void accessFolder_isTakenInPlaceOfAccessConf() {
        FwknopFolder files = new FwknopFolder(folder);
        files.conf("ACCESS_FOLDER " + folder.resolve("access.d"));
        files.write("access.d/a.conf", files.stanza("a", "OPEN_PORTS tcp/22"));
        files.write("access.d/b.conf", files.stanza("b", "OPEN_PORTS tcp/22"));
        files.access(files.stanza("unused", "OPEN_PORTS tcp/22"));
        try (Site site = files.start()) {
            Client anna = site.client();
            files.send(site, anna, "unused", "-A", "tcp/22", "-a", "10.0.0.9");
            opens(site, anna, files, "a", "fwknop:a.conf:2");
            opens(site, anna, files, "b", "fwknop:b.conf:2");
            assertThat(KernelLease.of(site.network.server()))
                    .extracting(KernelLease::source)
                    .doesNotContain("10.0.0.9");
        }
    }

    /** fwknopd loses every grant here, or ends. */
    @Test
    void reload_keepsLeases_takesNewStanzas_andIsRefusedWhenTheyAreWrong() {
        FwknopFolder files = new FwknopFolder(folder);
        files.access(files.stanza("first", "OPEN_PORTS tcp/22"));
        try (Site site = files.start()) {
            Client anna = site.client();
            Client bert = site.client();
            files.send(site, anna, "first", "-A", "tcp/22", "-a", anna.ipv4());
            site.assertOpens(anna, site.ipv4());

            files.access(files.stanza("second", "OPEN_PORTS tcp/22"));
            site.tirl.reload("reloaded");
            site.assertOpens(anna, site.ipv4());
            files.send(site, bert, "first", "-A", "tcp/22", "-a", bert.ipv4());
            opens(site, anna, files, "second", files.label("second"));
            site.assertShut(bert, site.ipv4());

            files.write("access.conf", "SOURCE ANY\nKEY __CHANGEME__\n");
            site.tirl.signal("HUP");
            FwknopFolder.awaitLog(site, folder.resolve("access.conf") + ":2");
            site.assertOpens(anna, site.ipv4());
            files.send(site, bert, "second", "-A", "tcp/22", "-a", bert.ipv4());
            site.assertOpens(bert, site.ipv4());
        }
    }

    /** The files of Debian's package with nothing changed but the keys that the package asks to be put in. */
    @Test
    void debiansOwnFiles_openByKeysOfKeyGen() throws IOException {
        Path keys = folder.resolve("keys");
        Command.run(Namespace.SOON, List.of("fwknop", "--key-gen", "--key-gen-file", keys.toString()))
                .orThrow();
        List<String> made = Files.readAllLines(keys);
        String key = made.get(0).replace("KEY_BASE64: ", "");
        String hmac = made.get(1).replace("HMAC_KEY_BASE64: ", "");
        Path etc = Files.createDirectory(folder.resolve("fwknop"));
        Files.copy(DEBIAN.resolve("fwknopd.conf"), etc.resolve("fwknopd.conf"));
        Files.writeString(
                etc.resolve("access.conf"),
                Files.readString(DEBIAN.resolve("access.conf"))
                        .replaceFirst("(?m)^(KEY_BASE64 +)__CHANGEME__", "$1" + key)
                        .replaceFirst("(?m)^(HMAC_KEY_BASE64 +)__CHANGEME__", "$1" + hmac));
        try (Network network = Network.create()) {
            // PCAP_INTF is commented out, and then eth0.
            network.server().ip("link set srv0 down", "link set srv0 name eth0", "link set eth0 up");
            for (String name : List.of("state", "run")) {
                Files.createDirectory(folder.resolve(name));
            }
            String serve = "mkdir -p /var/lib/tirl /run/tirl && mount --bind " + folder
                    + "/state /var/lib/tirl && mount --bind " + folder + "/run /run/tirl && exec "
                    + TirlProcess.launcher() + " serve --fwknop-conf " + etc;
            try (Background tirl = network.server().start("unshare", "-m", "sh", "-c", serve)) {
                Await.until(
                        () -> "a ready daemon: " + tirl.err(),
                        Namespace.SOON,
                        () -> tirl.err().contains(" ready: "));
                network.clients()
                        .run(
                                "fwknop",
                                "--no-save-args",
                                "--no-rc-file",
                                "-D",
                                network.wire().serverIpv4(),
                                "--key-base64-rijndael",
                                key,
                                "--key-base64-hmac",
                                hmac,
                                "-A",
                                "tcp/22",
                                "-a",
                                "10.0.0.1")
                        .orThrow();
                Await.until(
                        () -> "a lease: " + tirl.err(),
                        FwknopFolder.SOON,
                        () -> KernelLease.of(network.server()).stream()
                                .anyMatch(lease -> lease.source().equals("10.0.0.1")
                                        && lease.port().equals("tcp/22")
                                        && lease.seconds() == 30));
                assertThat(tirl.err()).doesNotContain("error:");
            }
        }
    }

    private static void opens(Site site, Client from, FwknopFolder files, String name, String label) {
        files.send(site, from, name, SSH);
        String whole = label + "/tcp/22";
        FwknopFolder.awaitLease(site, new KernelLease("10.0.0.1", "tcp/22", whole, 30));
    }
}

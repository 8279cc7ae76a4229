package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.client.fwknop.RcText;
import tirl.client.fwknop.Values;
import tirl.client.fwknop.Variable;

/** {@code tirl fwknop} as a user runs it, for the real fwknopd 2.6.10 and for our own server. */
@Tag("netns")
class FwknopClientCommandTest {
    @TempDir
    private Path folder = Path.of("/nonexistent");

    /** The command in the clients' namespace, with an rc file of this test's. */
    private Output tirl(Network network, String... words) {
        List<String> all = new ArrayList<>(List.of(
                TirlProcess.launcher(),
                "fwknop",
                "--rc-file",
                folder.resolve("rc").toString()));
        for (String each : words) {
            all.addAll(List.of(each.split(" ", -1)));
        }
        return network.clients().run(Fwknopd.LIMIT, all.toArray(String[]::new));
    }

    private String keys(String name) throws IOException {
        Values values =
                RcText.of(Files.readString(folder.resolve("rc"))).stanza(name).orElseThrow();
        return "SOURCE ANY\nENABLE_CMD_EXEC Y\nKEY_BASE64 "
                + values.get(Variable.KEY_BASE64).orElseThrow() + "\nHMAC_KEY_BASE64 "
                + values.get(Variable.HMAC_KEY_BASE64).orElseThrow() + "\n";
    }

    private static void awaits(String what, Fwknopd fwknopd, String... parts) {
        Await.until(
                () -> what + "; fwknopd says:\n" + fwknopd.log() + fwknopd.rules(),
                Fwknopd.LIMIT,
                () -> fwknopd.rules()
                        .lines()
                        .anyMatch(line -> List.of(parts).stream().allMatch(line::contains)));
    }

    /** A stanza that ours made, with its keys: each carrier and each kind of request. */
    @Test
    void savedStanza_opensByEachCarrier() throws Exception {
        try (Network network = Network.create()) {
            String server = network.wire().serverIpv4();
            tirl(network, "--key-gen --use-hmac -A tcp/2201 -s -n gate --save-rc-stanza -D", server)
                    .orThrow();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("rc"))))
                    .isEqualTo("rw-------");
            try (Fwknopd fwknopd = Fwknopd.start(network, folder, List.of(keys("gate")))) {
                Await.until(() -> "fwknopd sniffs: " + fwknopd.log(), Fwknopd.LIMIT, fwknopd::isSniffing);
                Await.until(() -> "port 2201 opens: " + fwknopd.log(), Fwknopd.LIMIT, () -> {
                    tirl(network, "-n gate").orThrow();
                    return fwknopd.rules().contains("--dport 2201 ");
                });
                tirl(network, "-n gate -P tcp -A tcp/2202,udp/2203 -a 10.1.0.2 -f 200")
                        .orThrow();
                tirl(network, "-n gate -P http -A tcp/2204 -a 10.1.0.4 --nat-local --nat-port 8004")
                        .orThrow();
                tirl(network, "-n gate -P icmp -A tcp/2205 -a 10.1.0.5 --nat-access 10.9.9.9:25 -m md5")
                        .orThrow();
                tirl(network, "-n gate -P icmp -S 4000 -a 10.1.0.6 -A tcp/2206").orThrow();
                tirl(network, "-n gate -S 4000 -a 10.1.0.7 -A tcp/2207 --user bob")
                        .orThrow();
                List<String> touch = new ArrayList<>(List.of(TirlProcess.launcher(), "fwknop", "--rc-file"));
                touch.addAll(List.of(folder.resolve("rc").toString(), "-n", "gate", "--server-cmd"));
                touch.add("touch " + folder.resolve("done"));
                network.clients()
                        .run(Fwknopd.LIMIT, touch.toArray(String[]::new))
                        .orThrow();

                awaits("by TCP", fwknopd, "-A FWKNOP_INPUT -s 10.1.0.2/32 -p tcp", "--dport 2202 ");
                awaits("two ports", fwknopd, "-A FWKNOP_INPUT -s 10.1.0.2/32 -p udp", "--dport 2203 ");
                awaits("by HTTP", fwknopd, "FWKNOP_PREROUTING -s 10.1.0.4/32", "--dport 8004 ", server + ":2204");
                awaits("by ICMP", fwknopd, "FWKNOP_PREROUTING -s 10.1.0.5/32", "--dport 2205 ", "10.9.9.9:25");
                awaits("by ICMP", fwknopd, "FWKNOP_INPUT -s 10.1.0.6/32", "--dport 2206 ");
                awaits("by UDP", fwknopd, "FWKNOP_INPUT -s 10.1.0.7/32", "--dport 2207 ");
                Await.until("a command ran", Fwknopd.LIMIT, () -> Files.exists(folder.resolve("done")));
            }
        }
    }

    /** What the original saved ours reads, and the other way round. */
    @Test
    void stanzas_goBothWays() throws Exception {
        try (Network network = Network.create()) {
            String server = network.wire().serverIpv4();
            tirl(network, "--key-gen --use-hmac -A tcp/2201 -s -n ours --save-rc-stanza -D", server)
                    .orThrow();
            String original = "fwknop --no-save-args --rc-file " + folder.resolve("rc") + " ";
            network.clients()
                    .run((original + "--key-gen --use-hmac -A tcp/2202 -a 10.1.2.3 -n theirs --save-rc-stanza -D "
                                    + server)
                            .split(" ", -1))
                    .orThrow();
            try (Fwknopd fwknopd = Fwknopd.start(network, folder, List.of(keys("ours"), keys("theirs")))) {
                Await.until(() -> "fwknopd sniffs: " + fwknopd.log(), Fwknopd.LIMIT, fwknopd::isSniffing);
                Await.until(() -> "port 2201 opens: " + fwknopd.log(), Fwknopd.LIMIT, () -> {
                    network.clients().run((original + "-n ours").split(" ", -1)).orThrow();
                    return fwknopd.rules().contains("--dport 2201 ");
                });
                tirl(network, "-n theirs").orThrow();

                awaits("ours", fwknopd, "-s 10.1.2.3/32 -p tcp", "--dport 2202 ");
            }
        }
    }

    /** Options for GnuPG, saved as a stanza; RSA for fwknopd, and for our own server elliptic curves too. */
    @Test
    void gnupg_opensFwknopdAndTirl() throws Exception {
        try (FwknopGnupg rsa = new FwknopGnupg(Files.createDirectory(folder.resolve("rsa")), "rsa2048", "rsa2048");
                FwknopGnupg curves =
                        new FwknopGnupg(Files.createDirectory(folder.resolve("ecc")), "ed25519", "cv25519")) {
            fwknopdOpens(rsa);
            Path conf = Files.createDirectory(folder.resolve("conf"));
            Files.writeString(conf.resolve("fwknopd.conf"), "FWKNOP_RUN_DIR " + conf + "\n");
            Files.writeString(
                    conf.resolve("access.conf"),
                    "SOURCE ANY\nOPEN_PORTS tcp/2201\n" + rsa.stanza(true) + "SOURCE ANY\nOPEN_PORTS tcp/2202\n"
                            + curves.stanza(true));
            try (Network network = Network.create();
                    TirlProcess daemon = TirlProcess.start(
                            network.server(), List.of("srv0"), "[fwknop]\ndirectory = \"" + conf + "\"\n")) {
                assertThat(send(network, rsa, "tcp/2201").err()).isEmpty();
                assertThat(send(network, curves, "tcp/2202").err()).contains("fwknopd reads messages to RSA keys");

                for (String port : List.of("tcp/2201", "tcp/2202")) {
                    Await.until(
                            () -> "a lease of " + port + "; the daemon's log:\n" + daemon.log(),
                            Fwknopd.LIMIT,
                            () -> daemon.control("leases").orThrow().out().contains(port));
                }
            }
        }
    }

    private void fwknopdOpens(FwknopGnupg rsa) throws Exception {
        try (Network network = Network.create();
                Fwknopd fwknopd = Fwknopd.start(network, folder, List.of("SOURCE ANY\n" + rsa.stanza(true)))) {
            Await.until(() -> "fwknopd sniffs: " + fwknopd.log(), Fwknopd.LIMIT, fwknopd::isSniffing);
            Await.until(() -> "port 2209 opens: " + fwknopd.log(), Fwknopd.LIMIT, () -> {
                send(network, rsa, "tcp/2209");
                return fwknopd.rules().contains("--dport 2209 ");
            });
        }
    }

    /** By options that are saved first, then by the stanza. */
    private Output send(Network network, FwknopGnupg keys, String port) {
        Map<Variable, String> names = Map.of(
                Variable.GPG_HOMEDIR, "--gpg-home-dir",
                Variable.GPG_RECIPIENT, "--gpg-recipient-key",
                Variable.GPG_SIGNER, "--gpg-signer-key");
        List<String> words = new ArrayList<>();
        names.forEach((variable, option) ->
                words.add(option + " " + keys.values().get(variable).orElseThrow()));
        words.add("--gpg-no-signing-pw -a 10.1.0.9 -A " + port + " -n gpg --save-rc-stanza --force-stanza -D "
                + network.wire().serverIpv4());
        tirl(network, words.toArray(String[]::new)).orThrow();
        return tirl(network, "-n gpg").orThrow();
    }
}

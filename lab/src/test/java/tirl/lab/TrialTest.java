package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tirl try}, {@code tirl reload --try}: what confirms, and who goes back when nobody does. */
@Tag("netns")
class TrialTest {
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

    @Test
    void confirmedByAPerson_staysAndReplacesTheFile() throws IOException {
        Path own = site.tirl.configFile();
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-r-----"));
        String before = Trying.text(own);
        Client client = site.client();
        site.knockPlain(client);
        assertReach(client, Site.DNS, Reach.OPEN);

        Trying.begin(site.tirl, Trying.OTHER, "60s");
        assertReach(client, Site.DNS, Reach.SILENT);
        assertThat(site.tirl.control("status").orThrow().out())
                .contains("on trial")
                .contains("other.toml, back in ");
        assertThat(guarded()).contains("expires");
        for (String[] words : new String[][] {{"try", own.toString()}, {"reload"}, {"reload", "--try"}}) {
            Output refused = site.tirl.control(words);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).containsOnlyOnce("is on trial for ").contains("`tirl rollback`");
        }
        site.tirl.reload("is on trial for ");

        assertThat(site.tirl.control("confirm").orThrow().out()).contains("is confirmed");
        assertThat(guarded()).contains("tcp . 53").doesNotContain("expires");
        assertReach(client, Site.DNS, Reach.SILENT);
        assertThat(client.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        assertThat(own).hasContent(Trying.text(own.resolveSibling("other.toml")));
        assertThat(own.resolveSibling("tirl.toml.before")).hasContent(before);
        for (Path file : List.of(own, own.resolveSibling("tirl.toml.before"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-r-----");
        }
        assertThat(kept()).doesNotExist();
        assertThat(site.tirl.control("confirm").err()).contains("nothing is on trial");
        site.tirl.end("KILL");
        site.tirl.restart();
        client.syns(site.ipv4(), Site.PACE, Trying.OTHER_DOOR);
        Await.until(
                "the door of the new file",
                Site.SOON,
                () -> LeaseRow.of(site.tirl).stream()
                        .anyMatch(lease -> lease.door().equals("other")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void knockFromOutside_confirms_aGrantDoesNot(String family) {
        Client client = site.client();
        Trying.begin(site.tirl, Trying.OTHER, "60s");

        site.tirl.control("grant", client.ipv4(), "dns", "--for", "30s").orThrow();
        assertThat(site.tirl.control("status").orThrow().out()).contains("on trial");
        client.syns(site.address(family), Site.PACE, Doors.PLAIN);
        client.syns(site.address(family), Site.PACE, Trying.OTHER_DOOR);

        Await.until(
                () -> "a confirmation; the log:\n" + site.tirl.log(),
                Site.SOON,
                () -> site.tirl.log().contains("confirmed by a knock of "));
        assertThat(site.tirl.log()).contains("at other");
        Await.until(
                "the file", Site.SOON, () -> Trying.text(site.tirl.configFile()).contains("other"));
        Await.until("no element that ends", Site.SOON, () -> !guarded().contains("expires"));
        assertReach(site.client(), Site.DNS, Reach.SILENT);
    }

    /** The daemon's host knocks at its own address, which goes over loopback: that shows nothing. */
    @Test
    void knockFromTheHostItself_doesNotConfirm() {
        site.tirl.write(List.of("any"), CONFIG);
        site.tirl.reload("reloaded");
        Trying.begin(site.tirl, Trying.OTHER, "60s");

        site.network.server().run(TirlProcess.launcher(), "knock", site.ipv4(), "7300", "8300", "9300");

        Await.until(
                () -> "the knock opens; the log:\n" + site.tirl.log(),
                Site.SOON,
                () -> site.tirl.log().contains(site.ipv4() + " other: opened"));
        assertThat(site.tirl.control("status").orThrow().out()).contains("on trial");
        assertThat(site.tirl.log()).doesNotContain("confirmed by");
    }

    @Test
    void unconfirmed_daemonGoesBack_andLeasesLiveOn() {
        Client before = site.client();
        site.knockPlain(before);
        String own = Trying.text(site.tirl.configFile());
        Trying.begin(site.tirl, Trying.OTHER.replace("[\"tcp/22\"]", "[\"tcp/22\", \"tcp/8022\"]"), "3s");
        Client during = site.client();
        site.tirl.control("grant", during.ipv4(), "ssh", "--for", "1m").orThrow();
        assertThat(kept()).hasContent(own);

        Trying.awaitBack(site.tirl);

        assertReach(before, Site.DNS, Reach.OPEN);
        assertThat(before.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        assertThat(during.connects(site.ipv4(), Site.SSH, Site.PROBE)).isTrue();
        Client after = site.client();
        after.syns(site.ipv4(), Site.PACE, Trying.OTHER_DOOR);
        site.assertStaysShut(after, site.ipv4());
        assertThat(site.tirl.configFile()).hasContent(own);
        assertThat(kept()).doesNotExist();
        assertThat(guarded()).doesNotContain("expires");
        assertThat(site.tirl.log()).doesNotContain("took the table").doesNotContain("error");
    }

    /** Nobody but the kernel is there to go back. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP"})
    void deadOrHungDaemon_kernelGoesBack(String signal) {
        Client client = site.client();
        Trying.begin(site.tirl, Trying.OTHER, "2s");
        assertReach(client, Site.DNS, Reach.SILENT);

        if (signal.equals("KILL")) {
            site.tirl.end("KILL");
        } else {
            site.tirl.signal("STOP");
        }

        Trying.awaitReach(client, site.ipv4(), Site.DNS, Reach.OPEN);
        site.assertShut(client, site.ipv4());
        Glass.awaitNoHeartbeat(site);
        Glass.knock(client, site.ipv4());
        site.assertOpens(client, site.ipv4());
        if (signal.equals("STOP")) {
            // It comes to its senses: what it has left of the trial goes too, and a late knock confirms nothing.
            Client late = site.client();
            late.syns(site.ipv4(), Site.PACE, Trying.OTHER_DOOR);
            site.tirl.signal("CONT");
            Trying.awaitBack(site.tirl);
            assertReach(late, Site.DNS, Reach.OPEN);
            assertThat(site.tirl.log()).doesNotContain(": confirmed");
        }
    }

    @Test
    void forwardsOnTrial_kernelGoesBackToThoseBefore() {
        try (Backend backend = Backend.behind(site.network.server());
                Talker talker = Talker.listen(backend.namespace(), 443);
                EchoService local = EchoService.listen(site.network.server(), 8443)) {
            Backend.forwarding(site.network.server(), true);
            String web = Doors.plain() + Doors.service("web", "tcp/8443");
            String forwarded = web + "forward = \"" + Backend.IPV4 + ":443\"\n";
            site.tirl.write(INTERFACES, forwarded);
            site.tirl.reload("reloaded");
            Client client = site.client();
            site.tirl.control("grant", client.ipv4(), "web", "--for", "1m").orThrow();
            assertTalks(talker, client, 1);

            // Away with it, then back; then another one over none.
            Trying.begin(site.tirl, web, "3s");
            assertTalks(talker, client, 0);
            site.tirl.signal("STOP");
            Await.until("the forward is back", Trying.OVER, () -> talks(talker, client) == 1);
            site.tirl.signal("CONT");
            Trying.awaitBack(site.tirl);
            assertTalks(talker, client, 1);
            assertThat(local).isNotNull();
        }
    }

    @Test
    void newForwardOnTrial_endsInTheKernel() {
        try (Backend backend = Backend.behind(site.network.server());
                Talker talker = Talker.listen(backend.namespace(), 443);
                EchoService local = EchoService.listen(site.network.server(), 8443)) {
            Backend.forwarding(site.network.server(), true);
            String web = Doors.plain() + Doors.service("web", "tcp/8443");
            site.tirl.write(INTERFACES, web);
            site.tirl.reload("reloaded");
            Client client = site.client();
            site.tirl.control("grant", client.ipv4(), "web", "--for", "1m").orThrow();

            Trying.begin(site.tirl, web + "forward = \"" + Backend.IPV4 + ":443\"\nmasquerade = true\n", "3s");
            assertTalks(talker, client, 1);
            site.tirl.end("KILL");
            Await.until("the forward is gone", Trying.OVER, () -> talks(talker, client) == 0);
            assertThat(client.connects(site.ipv4(), 8443, Site.PROBE)).isTrue();
            assertThat(local).isNotNull();
        }
    }

    /** The kernel cuts with the lease, or not, as the trial says. */
    @Test
    void cutOnTrial_isThatOfTheTrial() throws IOException {
        String cutSsh = Doors.service("ssh", "tcp/22") + "cut = true\n";
        site.tirl.write(INTERFACES, cutSsh);
        site.tirl.reload("reloaded");
        Client client = site.client();
        Trying.begin(
                site.tirl, Doors.service("ssh", "tcp/22") + Doors.service("dns", "tcp/53") + "cut = true\n", "60s");
        site.tirl.control("grant", client.ipv4(), "ssh", "--for", "2s").orThrow();
        try (Session ssh = Session.open(client, site.ipv4(), Site.SSH)) {
            ssh.assertEchoes();
            site.tirl.control("grant", client.ipv4(), "dns", "--for", "1s").orThrow();
            try (Session dns = Session.open(client, site.ipv4(), Site.DNS)) {
                dns.assertEchoes();
                Trying.awaitReach(client, site.ipv4(), Site.DNS, Reach.SILENT);
                dns.assertDead();
            }
            Trying.awaitReach(client, site.ipv4(), Site.SSH, Reach.SILENT);
            ssh.assertEchoes();
        }
    }

    @Test
    void fileThatCannotBeReplacedAtLast_isInForceAllTheSame() throws IOException {
        String before = Trying.text(site.tirl.configFile());
        Trying.begin(site.tirl, Trying.OTHER, "60s");
        Files.createDirectories(site.tirl.configFile().resolveSibling("tirl.toml.before.new/full"));

        assertThat(site.tirl.control("confirm").orThrow().out())
                .contains("is confirmed")
                .contains("BUT the daemon's file could not be replaced");

        assertThat(site.tirl.configFile()).hasContent(before);
        site.tirl.end("KILL");
        site.tirl.restart();
        assertReach(site.client(), Site.DNS, Reach.SILENT);
        assertThat(site.tirl.control("status").orThrow().out()).contains("NOT in use");
    }

    @Test
    void portNoLongerGuarded_staysShutUntilConfirmed() {
        Client client = site.client();
        Trying.begin(site.tirl, Doors.service("dns", "udp/53"), "60s");
        site.assertShut(client, site.ipv4());

        site.tirl.control("confirm").orThrow();

        assertReach(client, Site.SSH, Reach.OPEN);
    }

    @Test
    void flushOfAllRules_bringsTheTrialBackWithTheTimeThatIsLeft() {
        Client client = site.client();
        Trying.begin(site.tirl, Trying.OTHER, "6s");
        long first = expires();
        Await.until("two seconds pass", Trying.OVER, () -> expires() < first - 2000);

        site.network.server().nft("flush ruleset\n");
        Await.until("the table is back", Site.SOON, () -> site.tirl.log().contains("it is back"));

        assertThat(expires()).isBetween(1L, first - 2000);
        assertReach(client, Site.DNS, Reach.SILENT);
        Trying.awaitBack(site.tirl);
        assertReach(client, Site.DNS, Reach.OPEN);
        site.assertShut(client, site.ipv4());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollback", "try --abort"})
    void endedByAPerson_goesBackAtOnce(String words) {
        assertThat(site.tirl.control(words.split(" ", -1)).err()).contains("nothing is on trial");
        Trying.begin(site.tirl, Trying.OTHER, "60s");

        site.tirl.control(words.split(" ", -1)).orThrow();

        assertReach(site.client(), Site.DNS, Reach.OPEN);
        site.knockPlain(site.client());
        assertThat(kept()).doesNotExist();
    }

    @Test
    void trialThatCannotGoBack_isRefusedWithOneSentence() throws IOException {
        String guardedBefore = guarded();
        Path other = Trying.file(site.tirl, Trying.OTHER);
        String text = Trying.text(other);
        assertRefused(other, text.replace("control.sock", "else.sock"), "60s", "cannot move the control socket");
        assertRefused(other, text.replace("/state\"", "/elsewhere\""), "60s", "a trial cannot move what must survive");
        assertRefused(other, text, "500ms", "a trial takes 1s to 1h");
        assertRefused(other, text, "2h", "a trial takes 1s to 1h");
        assertRefused(other, text, "soon", "is no duration");
        assertRefused(
                other, text.replace("tcp/53", "tcp/70000"), "60s", "other.toml:10:10: ports: there is no port 70000");
        Path inTheWay = site.tirl.configFile().resolveSibling("tirl.toml.new");
        Files.createDirectories(inTheWay.resolve("full"));
        assertRefused(other, text, "60s", "could not take the place of the daemon's file");
        assertThat(site.tirl.control("try", "/nonexistent").err()).contains("/nonexistent cannot be read");
        assertThat(site.tirl.control("try").exit()).isEqualTo(2);

        assertThat(guarded()).isEqualTo(guardedBefore);
        assertThat(kept()).doesNotExist();
        site.knockPlain(site.client());
    }

    private void assertRefused(Path file, String text, String within, String reason) throws IOException {
        Files.writeString(file, text);
        Output refused = site.tirl.control("try", file.toString(), "--within", within);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains(reason).doesNotContain("\tat ").hasLineCount(1);
    }

    private void assertReach(Client client, int port, Reach reach) {
        assertThat(client.reach(site.ipv4(), port, Site.PROBE))
                .as("port %s for %s; the log:\n%s", port, client, site.tirl.log())
                .isEqualTo(reach);
    }

    private void assertTalks(Talker talker, Client client, int connections) {
        assertThat(talks(talker, client)).isEqualTo(connections);
    }

    /** How many of one new connection get to the machine behind. */
    private int talks(Talker talker, Client client) {
        try (Session session = Session.open(client, site.ipv4(), 8443)) {
            session.send();
            session.assertHears();
            return talker.live();
        } catch (IOException e) {
            throw new LabException("a session", e);
        } finally {
            Await.until("the talker is alone again", Site.SOON, () -> talker.live() == 0);
        }
    }

    private Path kept() {
        return site.tirl.state().resolve("trial").resolve("confirmed.toml");
    }

    private String guarded() {
        return site.network.server().ask("nft", "list", "set", "inet", "tirl", "guarded");
    }

    /** Milliseconds until the port on trial is open again; -1 when it has no end. */
    private long expires() {
        Matcher matcher = Pattern.compile("53 timeout \\S+ expires (?:(\\d+)s)?(?:(\\d+)ms)?")
                .matcher(guarded());
        if (!matcher.find()) {
            return -1;
        }
        long seconds = matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1));
        return seconds * 1000 + (matcher.group(2) == null ? 0 : Long.parseLong(matcher.group(2)));
    }
}

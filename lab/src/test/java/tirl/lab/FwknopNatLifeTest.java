package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of leases that lead elsewhere: without the daemon, with other rules, and at their end. */
@Tag("netns")
class FwknopNatLifeTest extends NatScene {
    /** With the daemon dead, after its return, and when somebody took the rules away, before or after. */
    @Test
    void lease_leadsOnWithoutTheDaemon_andIsTakenOver_andPutBack() {
        Client client = network.client();
        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        knock(client, Stanza.ANY_TARGET, "-A", "tcp/22", "--nat-local", "--nat-port", "8080");
        awaitAnswer(client, 8080, "ssh " + client.ipv4());
        List<Map<String, Object>> before = leases();
        assertThat(before).extracting(row -> row.get("to")).containsExactlyInAnyOrder(INSIDE, ":22");

        assertThat(tirl.end("KILL")).isNotZero();
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        tirl.restart();
        assertThat(leases()).usingRecursiveComparison().ignoringFields("left").isEqualTo(before);
        assertLedThere(client);

        assertThat(tirl.end("KILL")).isNotZero();
        network.server().ask("nft", "delete", "table", "inet", "tirl");
        tirl.restart();
        assertThat(leases()).usingRecursiveComparison().ignoringFields("left").isEqualTo(before);
        assertLedThere(client);

        network.server().ask("nft", "flush", "ruleset");
        Await.until(
                () -> "it is put back:\n" + tirl.log(),
                PATIENCE,
                () -> tirl.log().contains("took the table") && table().contains(client.ipv4()));
        assertLedThere(client);
        tirl.control("revoke", client.ipv4()).orThrow();
        assertThat(ask(client, 8081)).isEqualTo(NOBODY);
    }

    @Test
    void deadDaemon_endsNoLeaseLate() {
        Client client = network.client();
        knock(client, Stanza.FORCED, "-A", "tcp/8081", "-f", "5");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        assertThat(tirl.end("KILL")).isNotZero();
        awaitAnswer(client, 8081, NOBODY);
        tirl.restart();
        assertThat(LeaseRow.of(tirl)).isEmpty();
        assertThat(ask(client, 8081)).isEqualTo(NOBODY);
    }

    /** The rules come with a configuration that wants them, and its leases outlive it. */
    @Test
    void reload_bringsTheRules_andTakesNoLeaseAway() throws IOException {
        tirl.write(INTERFACES, Doors.plain());
        tirl.reload("reloaded");
        assertThat(tirl.end("TERM")).isZero();
        network.server().ask("nft", "delete", "table", "inet", "tirl");
        tirl.restart();
        assertThat(table()).doesNotContain("nat_");
        Client client = network.client();
        client.syns(server(), Site.PACE, Doors.PLAIN);
        awaitAnswer(client, 22, "ssh " + client.ipv4());

        tirl.write(INTERFACES, config("") + Doors.plain());
        tirl.reload("reloaded");
        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        assertThat(ask(client, 22)).isEqualTo("ssh " + client.ipv4());

        tirl.write(INTERFACES, Doors.plain() + Doors.service("still", "tcp/8081"));
        tirl.reload("reloaded");
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);
        network.server().ask("nft", "delete", "table", "inet", "tirl");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);
    }

    /** A trial without NAT takes no lease away, and one with it is confirmed by whom it lets in. */
    @Test
    void trial_keepsWhatIsLed_alsoAfterAFlush() {
        tirl.write(INTERFACES, Doors.plain() + config(""));
        tirl.reload("reloaded");
        Client client = network.client();
        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        awaitAnswer(client, 8081, "machine " + client.ipv4());

        Trying.begin(tirl, Doors.plain(), "5m");
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        network.server().ask("nft", "delete", "table", "inet", "tirl");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        tirl.control("rollback").orThrow();
        Trying.awaitBack(tirl);
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);

        tirl.write(INTERFACES, Doors.plain());
        tirl.reload("reloaded");
        Trying.begin(tirl, Doors.plain() + config(""), "5m");
        knock(client, Stanza.MASQUERADED, "-A", "tcp/8083");
        awaitAnswer(client, 8083, "machine 10.99.0.1");
        Await.until(
                () -> "confirmed:\n" + tirl.log(), PATIENCE, () -> tirl.log().contains("a knock of " + client.ipv4()));
    }

    /** The rules of another one drop all that is new, on the way here and on the way to others. */
    @Test
    void joinMode_letsThroughWhatIsLed_alsoPastPortsThatNothingGuards() {
        network.server().nft("""
                table inet host {
                  chain input { type filter hook input priority 0; policy drop; ct state established accept; udp dport 62201 accept; }
                  chain forward { type filter hook forward priority 0; policy drop; }
                }
                """);
        tirl.write(INTERFACES, "firewall = \"join\"\n" + config(""));
        tirl.reload("reloaded");
        Client client = network.client();
        Await.until(
                () -> "both chains accept the mark:\n" + tirl.log(),
                PATIENCE,
                () -> network.server()
                                .ask("nft", "list", "table", "inet", "host")
                                .split("comment \"tirl\"", -1)
                                .length
                        == 3);

        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        knock(client, Stanza.RESTRICTED, "-A", "tcp/8084", "-N", INSIDE);
        awaitAnswer(client, 8084, "machine " + client.ipv4());
        knock(client, Stanza.ANY_TARGET, "-A", "tcp/22", "--nat-local", "--nat-port", "8080");
        awaitAnswer(client, 8080, "ssh " + client.ipv4());
        for (int port : List.of(22, 8080, 8081, 8084)) {
            assertThat(ask(network.client(), port)).isEqualTo(NOBODY);
        }
    }

    /** A service of the configuration has the port: its connections end with their lease. */
    @Test
    void cut_endsWhatIsLedElsewhere() throws IOException {
        try (Talker talker = Talker.listen(backend.namespace(), 443)) {
            tirl.write(INTERFACES, config("") + Doors.service("led", "tcp/443", "tcp/8080") + "cut = true\n");
            tirl.reload("reloaded");
            Client client = network.client();
            knock(client, Stanza.RESTRICTED, "-A", "tcp/8080", "-N", Backend.IPV4 + ":443", "-f", "5");
            Await.until(() -> "a talker:\n" + tirl.log(), PATIENCE, () -> client.connects(server(), 8080, Site.PROBE));
            try (Session session = Session.open(client, server(), 8080)) {
                session.assertHears();
                Await.until(
                        () -> "the cut:\n" + tirl.log(),
                        PATIENCE,
                        () -> Pattern.compile(": cut \\d+ connections? to tcp/8080 ")
                                .matcher(tirl.log())
                                .find());
                session.assertDead();
                int heard = talker.heard();
                session.assertDead();
                assertThat(talker.heard()).isEqualTo(heard);
            }
        }
    }

    /** The program behind goes on sending; conntrack must not take that for a connection of its own. */
    @Test
    void cut_endsWhatIsLedToAShutPortOfThisHost() throws IOException {
        try (Talker talker = Talker.listen(network.server(), 443)) {
            tirl.write(INTERFACES, config("") + Doors.service("inside", "tcp/443"));
            tirl.reload("reloaded");
            Client client = network.client();
            knock(client, Stanza.RESTRICTED, "-A", "tcp/443", "--nat-local", "--nat-port", "8080");
            Await.until(() -> "a talker:\n" + tirl.log(), PATIENCE, () -> client.connects(server(), 8080, Site.PROBE));
            try (Session session = Session.open(client, server(), 8080)) {
                session.assertHears();
                // What the client's own kernel would answer to packets from nowhere would end it too.
                network.clients()
                        .nft("table inet mute { chain out { type filter hook output priority 0; "
                                + "tcp flags rst drop; }; }");
                tirl.control("revoke", "--cut", client.ipv4()).orThrow();
                Await.until(() -> "the program is told:\n" + table(), PATIENCE, () -> talker.live() == 0);
                session.assertDead();
            }
            assertThat(client.reach(server(), 443, Site.PROBE)).isEqualTo(Reach.SILENT);
        }
    }

    private void assertLedThere(Client client) {
        assertThat(ask(client, 8081)).isEqualTo("machine " + client.ipv4());
        assertThat(ask(client, 8080)).isEqualTo("ssh " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);
    }

    private List<Map<String, Object>> leases() {
        return Json.array(tirl.control("leases", "--json").orThrow().out());
    }
}

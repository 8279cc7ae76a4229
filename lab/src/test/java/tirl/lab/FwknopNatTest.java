package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where Debian's fwknop is led by NAT, and where not. */
@Tag("netns")
class FwknopNatTest extends NatScene {
    @Test
    void machineBehind_isReachedByItsClientOnly_untilTheLeaseEnds() {
        Client client = network.client();
        assertThat(ask(client, 8080)).isEqualTo(NOBODY);

        knock(client, Stanza.ANY_TARGET, "-A", "tcp/8080", "-N", INSIDE, "-f", "5");

        awaitAnswer(client, 8080, "machine " + client.ipv4());
        assertThat(ask(network.client(), 8080)).isEqualTo(NOBODY);
        assertThat(ask(client, 80)).isEqualTo(NOBODY);
        awaitAnswer(client, 8080, NOBODY);
        Await.until(
                () -> "the end of it:\n" + table(), PATIENCE, () -> !elements().contains(client.ipv4()));
        assertThat(tirl.log()).contains("expired tcp/8080", "fwknop:access.conf:1/tcp/8080>" + INSIDE + ": opened");
    }

    @Test
    void udp_isLedThereToo() {
        Client client = network.client();
        services.add(EchoService.listen(backend.namespace(), 53));
        knock(client, Stanza.ANY_TARGET, "-A", "udp/5353", "-N", Backend.IPV4 + ":53");
        Await.until(() -> "an answer:\n" + tirl.log(), PATIENCE, () -> client.answersUdp(server(), 5353, Site.PROBE));
        assertThat(network.client().answersUdp(server(), 5353, Site.PROBE)).isFalse();
    }

    /** fwknop knows IPv4 only; tirl's own client of it does not mind. */
    @Test
    void ipv6_isLedToo() {
        Client client = network.client();
        String server = network.wire().serverIpv6();
        backend.forgetRoute();
        client.run(
                        TirlProcess.launcher(),
                        "fwknop",
                        "--no-rc-file",
                        "--use-hmac",
                        "--key-base64-rijndael",
                        Stanza.IPV6.key("cipher"),
                        "--key-base64-hmac",
                        Stanza.IPV6.key("hmac"),
                        "-a",
                        client.ipv6(),
                        "-D",
                        server,
                        "-A",
                        "tcp/8088")
                .orThrow();
        Await.until(
                () -> "the machine answers:\n" + tirl.log(),
                PATIENCE,
                () -> ask(client, server, 8088).startsWith("machine fd99:"));
        assertThat(ask(network.client(), server, 8088)).isEqualTo(NOBODY);
    }

    @Test
    void localNat_reachesTheShutPortByThatWayAlone_untilItIsRevoked() {
        Client client = network.client();

        knock(client, Stanza.ANY_TARGET, "-A", "tcp/22", "--nat-local", "--nat-port", "8080");

        awaitAnswer(client, 8080, "ssh " + client.ipv4());
        assertThat(ask(client, 22)).isEqualTo(NOBODY);
        assertThat(ask(network.client(), 8080)).isEqualTo(NOBODY);
        assertThat(tirl.control("leases", "--json").orThrow().out()).contains("\"to\":\":22\"");

        tirl.control("revoke", client.ipv4()).orThrow();
        assertThat(ask(client, 8080)).isEqualTo(NOBODY);
        assertThat(elements()).doesNotContain(client.ipv4());
    }

    @Test
    void forcedNat_leadsWhereTheStanzaSays_andMachinesSeeWhomItSays() {
        Client client = network.client();
        backend.forgetRoute(); // it answers to its neighbours only
        knock(client, Stanza.SNATTED, "-A", "tcp/8082");
        awaitAnswer(client, 8082, "machine " + SNAT);
        knock(client, Stanza.MASQUERADED, "-A", "tcp/8083");
        awaitAnswer(client, 8083, "machine 10.99.0.1");

        backend.namespace().ip("route add default via 10.99.0.1");
        knock(client, Stanza.FORCED, "-A", "tcp/8081");
        awaitAnswer(client, 8081, "machine " + client.ipv4());
        assertThat(ask(network.client(), 8081)).isEqualTo(NOBODY);
        // Several leases of one client, each with its own way.
        assertThat(ask(client, 8082)).isEqualTo("machine " + SNAT);
    }

    @Test
    void targetsThatTheStanzaDoesNotAllow_openNothing() throws IOException {
        Client client = network.client();
        refuse(client, "port is not allowed", Stanza.RESTRICTED, "-A", "tcp/22", "--nat-local", "--nat-port", "8084");
        refuse(client, "port is not allowed", Stanza.NARROW, "-A", "tcp/8085", "-N", INSIDE);
        refuse(client, "FORWARD_ALL", Stanza.GATEWAY, "-A", "tcp/8086");
        // Where the port inside is none of the restricted ones it is led there, past a port that nothing guards.
        knock(client, Stanza.RESTRICTED, "-A", "tcp/8084", "-N", INSIDE);
        awaitAnswer(client, 8084, "machine " + client.ipv4());

        fwknopFiles("", List.of(Stanza.ANY_TARGET));
        tirl.reload("reloaded");
        refuse(client, "ENABLE_IPT_FORWARDING is not Y", Stanza.ANY_TARGET, "-A", "tcp/8080", "-N", INSIDE);
        assertThat(LeaseRow.of(tirl)).hasSize(1);
    }

    @Test
    void newTarget_takesThePlaceOfTheOldOne() {
        Client client = network.client();
        services.add(Names.answer(backend.namespace(), 22, "second"));
        knock(client, Stanza.ANY_TARGET, "-A", "tcp/8080", "-N", INSIDE);
        awaitAnswer(client, 8080, "machine " + client.ipv4());
        assertThat(tirl.control("leases").orThrow().out()).contains("tcp/8080 to " + INSIDE);

        knock(client, Stanza.ANY_TARGET, "-A", "tcp/8080", "-N", Backend.IPV4 + ":22");
        awaitAnswer(client, 8080, "second " + client.ipv4());
        knock(client, Stanza.ANY_TARGET, "-A", "tcp/8080");
        awaitAnswer(client, 8080, "here " + client.ipv4());

        assertThat(LeaseRow.of(tirl)).hasSize(1);
        refuse(client, "tcp/8080 leads to this host until", Stanza.RESTRICTED, "-A", "tcp/8080", "-N", INSIDE);
    }
}

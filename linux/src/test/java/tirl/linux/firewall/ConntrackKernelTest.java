package tirl.linux.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tirl.linux.namespace.FirewallProgram;
import tirl.linux.namespace.Namespace;
import tirl.linux.namespace.Program;

/** Which entries of conntrack go, in a table with many others. Both ends are addresses of one host. */
@Tag("netns")
class ConntrackKernelTest {
    private static final int MANY = 10_000;

    private Namespace host;
    private Program firewall;

    @BeforeEach
    void startHost() {
        host = new Namespace();
        for (String address : new String[] {"192.0.2.1", "192.0.2.7", "192.0.2.8", "2001:db8::1", "2001:db8::7"}) {
            host.run("ip address add " + address + (address.contains(":") ? "/128" : "/32") + " dev lo");
        }
        firewall = host.java(FirewallProgram.class);
        ask("install 22");
    }

    @AfterEach
    void stopHost() {
        host.close();
    }

    @Test
    void cut_deletesTheEntriesOfTheSourceAndPort_andNoOther() {
        ask("connections 192.0.2.7 192.0.2.1 3");
        ask("connections 192.0.2.8 192.0.2.1 3");
        ask("connections 2001:db8::7 2001:db8::1 3");

        assertThat(ask("cut 192.0.2.7 5001")).startsWith("done cut 1 in");
        assertThat(ask("cut 2001:db8::7 5002")).startsWith("done cut 1 in");
        assertThat(ask("cut 192.0.2.7 5001")).startsWith("done cut 0 in");

        assertThat(entries("src=192.0.2.7 dst=192.0.2.1 ")).isEqualTo(2);
        assertThat(entries("src=192.0.2.8 dst=192.0.2.1 ")).isEqualTo(3);
        assertThat(entries("src=2001:0db8:0000:0000:0000:0000:0000:0007 ")).isEqualTo(2);
        assertThat(host.run("nft list set inet tirl bound4")).contains("192.0.2.7 . udp . 5001 timeout 7d");
    }

    /** What the host only passes on is not its own, whatever the port. */
    @Test
    void cut_leavesConnectionsToOtherHosts() {
        host.run("ip link add out type veth peer name in");
        host.run("ip link set in up");
        host.run("ip link set out up");
        host.run("ip route add 198.51.100.0/24 dev out");
        ask("connections 192.0.2.7 198.51.100.1 2");
        Program knowing = host.java(FirewallProgram.class, "192.0.2.1");

        knowing.say("cut 192.0.2.7 5001").await(line -> line.startsWith("done cut 0 in"), "no cut");
    }

    @Test
    void manyEntries_areWalkedInMilliseconds_forOneSourceAndForMany() {
        ask("connections 192.0.2.7 192.0.2.1 " + MANY);
        StringBuilder figures = new StringBuilder();
        for (int round = 0; round < 20; round++) {
            String one = ask("cut 192.0.2.8 " + (6000 + round));
            String many = ask("cut 192.0.2.7,10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4 " + (6000 + round));
            assertThat(one).startsWith("done cut 0 in");
            assertThat(many).startsWith("done cut 1 in");
            figures.append(one.substring("done cut 0 in ".length())).append(" | ");
            figures.append(many.substring("done cut 1 in ".length())).append('\n');
        }
        System.out.println("one source | five sources, " + MANY + " entries\n" + figures);
    }

    private long entries(String text) {
        return host.run("cat /proc/net/nf_conntrack")
                .lines()
                .filter(line -> line.contains(text))
                .count();
    }

    private String ask(String question) {
        return firewall.say(question)
                .await(line -> line.startsWith("done") || line.startsWith("failed"), "answer to " + question);
    }
}

package tirl.linux.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tirl.linux.namespace.FirewallProgram;
import tirl.linux.namespace.Namespace;
import tirl.linux.namespace.Program;

/** Where leases lead, in the kernel. */
@Tag("netns")
class NatKernelTest {
    @Test
    void leadsElsewhere_isWhatNftLists_andReadsBack() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            assertThat(ask(firewall, "install-nat")).isEqualTo("done install-nat");
            assertThat(ask(firewall, "lead 192.0.2.7 8080 60900 10.0.0.5:80,10.0.0.1"))
                    .isEqualTo("done lead");
            ask(firewall, "lead 192.0.2.8 8080 60900 :22");
            ask(firewall, "lead 2001:db8::7 8080 60900 [fd00::5]:80,masquerade");
            ask(firewall, "open 192.0.2.9 8080 60900 ops");

            assertThat(ask(firewall, "list"))
                    .isEqualTo("done 192.0.2.7 tcp/8080 ops 60 to 10.0.0.5:80,10.0.0.1,"
                            + " 192.0.2.8 tcp/8080 ops 60 to :22, 192.0.2.9 tcp/8080 ops 60,"
                            + " 2001:db8::7 tcp/8080 ops 60 to [fd00::5]:80,masquerade");
            // A second longer than the lease.
            assertThat(host.run("nft list map inet tirl nat_to4"))
                    .contains("192.0.2.7 . tcp . 8080 timeout 1m1s900ms expires", " : 10.0.0.5 . 80 ");
            assertThat(host.run("nft list map inet tirl nat_as4")).contains(" : 10.0.0.1 ");
            assertThat(host.run("nft list map inet tirl nat_here4")).contains("192.0.2.8 . tcp . 8080", " : 22 ");
            assertThat(host.run("nft list map inet tirl nat_to6")).contains(" : fd00::5 . 80 ");
            assertThat(host.run("nft list set inet tirl nat_masq6")).contains("2001:db8::7 . tcp . 8080");
        }
    }

    @Test
    void anotherPlace_takesTheOldOnes_andClosingTakesBoth() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            ask(firewall, "install-nat");
            ask(firewall, "lead 192.0.2.7 8080 60900 10.0.0.5:80,masquerade");
            // Its time anew, another machine, this host, the port itself, and back.
            for (String place : new String[] {"10.0.0.5:80,masquerade", "10.0.0.6:80", ":22", "10.0.0.5:80,10.0.0.1"}) {
                assertThat(ask(firewall, "lead 192.0.2.7 8080 30900 " + place)).isEqualTo("done lead");
                assertThat(ask(firewall, "list")).isEqualTo("done 192.0.2.7 tcp/8080 ops 30 to " + place);
            }
            assertThat(ask(firewall, "open 192.0.2.7 8080 30900 ops")).isEqualTo("done open");
            assertThat(ask(firewall, "list")).isEqualTo("done 192.0.2.7 tcp/8080 ops 30");
            ask(firewall, "lead 192.0.2.7 8080 60900 10.0.0.5:80,masquerade");

            assertThat(ask(firewall, "close 192.0.2.1,192.0.2.7,2001:db8::1,192.0.2.7 8080"))
                    .isEqualTo("done close");
            assertThat(host.run("nft list table inet tirl")).doesNotContain("192.0.2.7", "10.0.0.5");
        }
    }

    /** The maps stay when the configuration does not want them any more; a table without them leads nowhere. */
    @Test
    void tableWithoutMaps_takesNoSuchLease_andOneWithThemKeepsItsOwn() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            ask(firewall, "install 22");
            assertThat(ask(firewall, "lead 192.0.2.7 8080 60900 :22"))
                    .isEqualTo("failed opening: the table in the kernel is without NAT; `tirl reload` puts it there");
            ask(firewall, "install-nat");
            ask(firewall, "lead 192.0.2.7 8080 60900 :22");
            ask(firewall, "install 22");
            assertThat(ask(firewall, "list")).isEqualTo("done 192.0.2.7 tcp/8080 ops 60 to :22");
        }
    }

    private static String ask(Program program, String question) {
        return program.say(question)
                .await(line -> line.startsWith("done") || line.startsWith("failed"), "answer to " + question);
    }
}

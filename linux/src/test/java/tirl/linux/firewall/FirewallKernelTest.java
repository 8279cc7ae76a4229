package tirl.linux.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tirl.linux.namespace.FirewallProgram;
import tirl.linux.namespace.Namespace;
import tirl.linux.namespace.Program;

@Tag("netns")
class FirewallKernelTest {
    @Test
    void installedTwice_keepsTheLiveLease() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            assertThat(ask(firewall, "install 22 80")).isEqualTo("done install");
            assertThat(ask(firewall, "open 192.0.2.7 22 60000 ops")).isEqualTo("done open");
            assertThat(ask(firewall, "install 22 443")).isEqualTo("done install");
            assertThat(host.run("nft list set inet tirl open4"))
                    .contains("192.0.2.7 . tcp . 22 timeout 1m expires")
                    .contains("comment \"ops\"");
            assertThat(host.run("nft -j list set inet tirl open4")).contains("192.0.2.7");
            assertThat(host.run("nft list set inet tirl guarded"))
                    .contains("443")
                    .doesNotContain("80");
            assertThat(ask(firewall, "uninstall")).isEqualTo("done uninstall");
            assertThat(host.run("nft list ruleset")).isEmpty();
            assertThat(ask(firewall, "uninstall")).isEqualTo("done uninstall");
        }
    }

    @Test
    void openedInBothFamilies_isWhatNftLists() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            ask(firewall, "install 22");
            ask(firewall, "open 192.0.2.7 22 60900 ops");
            ask(firewall, "open 2001:db8::7 443 30900 a\"b");
            assertThat(host.run("nft list set inet tirl open6"))
                    .contains("2001:db8::7 . tcp . 443 timeout 30s900ms")
                    .contains("comment \"a_b\"");
            assertThat(ask(firewall, "list")).isEqualTo("done 192.0.2.7 tcp/22 ops 60, 2001:db8::7 tcp/443 a_b 30");
            // Opened again: the time is set anew, also to less.
            ask(firewall, "open 192.0.2.7 22 20900 ops");
            assertThat(ask(firewall, "list")).contains("192.0.2.7 tcp/22 ops 20");
            host.run("nft add element inet tirl open4 { 198.51.100.1 . tcp . 22 }");
            assertThat(ask(firewall, "count")).isEqualTo("done count 2");
        }
    }

    @Test
    void closed_isGoneAndAnAbsentOneDoesNotMatter() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            ask(firewall, "install 22");
            ask(firewall, "open 192.0.2.7 22 60000 ops");
            ask(firewall, "open 2001:db8::7 22 60000 ops");
            assertThat(ask(firewall, "close 192.0.2.1,192.0.2.7,2001:db8::1,2001:db8::7,192.0.2.7 22"))
                    .isEqualTo("done close");
            assertThat(ask(firewall, "count")).isEqualTo("done count 0");
            assertThat(host.run("nft list sets")).doesNotContain("192.0.2").doesNotContain("2001");
        }
    }

    @Test
    void leaseTimedOut_isNotListed() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            ask(firewall, "install 22");
            ask(firewall, "open 192.0.2.7 22 300 ops");
            firewall.askUntil("count", "done count 0");
        }
    }

    @Test
    void tableGone_isSaidOnOpenAndEmptyInTheList() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            assertThat(ask(firewall, "open 192.0.2.7 22 60000 ops"))
                    .isEqualTo("failed opening: No such file or directory; the nftables table inet tirl or a set of it"
                            + " is gone (was the ruleset flushed?): install it again");
            assertThat(ask(firewall, "count")).isEqualTo("done count 0");
            ask(firewall, "install 22");
            assertThat(ask(firewall, "open 192.0.2.7 22 60000 ops")).isEqualTo("done open");
        }
    }

    @Test
    void hundredThousand_areOpenedListedAndClosed() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            ask(firewall, "install 22");
            assertThat(ask(firewall, "fill 100000")).isEqualTo("done fill");
            assertThat(ask(firewall, "count")).isEqualTo("done count 100000");
            assertThat(ask(firewall, "clear 100000")).isEqualTo("done clear");
            assertThat(ask(firewall, "count")).isEqualTo("done count 0");
        }
    }

    /** More leases than a queue of events holds. */
    @Test
    void manyOfOurOwn_areNotTakenForTheEndOfTheTable() {
        try (Namespace host = new Namespace()) {
            Program firewall = host.java(FirewallProgram.class);
            ask(firewall, "install 22");
            assertThat(ask(firewall, "watched 10000")).isEqualTo("done gone 0 times, then 1");
        }
    }

    @Test
    void withoutCapability_isRefusedWithARemedy() {
        try (Namespace host = new Namespace()) {
            List<String> unprivileged = List.of("setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all");
            Program firewall = host.java(unprivileged, FirewallProgram.class);
            firewall.await("ready");
            assertThat(ask(firewall, "open 192.0.2.7 22 60000 ops"))
                    .isEqualTo("failed opening: Operation not permitted; " + NftablesFirewall.NEEDS_CAPABILITY);
            assertThat(ask(firewall, "install 22"))
                    .startsWith("failed installing the ruleset: ")
                    .endsWith(NftablesFirewall.NEEDS_CAPABILITY);
        }
    }

    private static String ask(Program program, String question) {
        return program.say(question)
                .await(line -> line.startsWith("done") || line.startsWith("failed"), "answer to " + question);
    }
}

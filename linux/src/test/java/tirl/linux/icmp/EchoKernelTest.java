package tirl.linux.icmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tirl.linux.namespace.CaptureProgram;
import tirl.linux.namespace.EchoLineProgram;
import tirl.linux.namespace.EchoProgram;
import tirl.linux.namespace.Namespace;
import tirl.linux.namespace.Program;

@Tag("netns")
class EchoKernelTest {
    private static final List<String> UNPRIVILEGED =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all");

    @Test
    void rawAndPingSockets_reachTheTarget() {
        try (Namespace host = new Namespace()) {
            Program capture = host.java(CaptureProgram.class, "lo");
            capture.await("ready");
            capture.say("filter icmp[icmptype] == icmp-echo or (icmp6 and ip6[40] == 128)")
                    .await("filter set");
            host.java(EchoProgram.class, "127.0.0.1").await("sent");
            assertThat(capture.await("frame")).startsWith("frame ETHERNET DECODED 127.0.0.1 127.0.0.1");
            host.java(EchoProgram.class, "::1").await("sent");
            assertThat(capture.await("frame")).startsWith("frame ETHERNET DECODED ::1 ::1");
            // The kernel counts a wrong checksum as an error and answers only a right one.
            host.run("sysctl -qw net.ipv4.ping_group_range=65534\t65534");
            host.java(UNPRIVILEGED, EchoProgram.class, "127.0.0.1").await("sent");
            capture.await("frame");
            host.java(UNPRIVILEGED, EchoProgram.class, "::1").await("sent");
            capture.await("frame");
            assertThat(host.run("nstat -asz IcmpInErrors IcmpOutEchoReps"))
                    .containsPattern("IcmpInErrors +0")
                    .containsPattern("IcmpOutEchoReps +2");
        }
    }

    /** With the octets that were sent, through both kinds of socket; what others sent is not taken for it. */
    @Test
    void line_hearsTheReplyToItsOwnPing() {
        try (Namespace host = new Namespace()) {
            host.run("sysctl -qw net.ipv4.ping_group_range=1\t0");
            host.java(EchoLineProgram.class, "127.0.0.1").await("back");
            host.java(EchoLineProgram.class, "::1").await("back");
            host.run("sysctl -qw net.ipv4.ping_group_range=65534\t65534");
            host.java(UNPRIVILEGED, EchoLineProgram.class, "127.0.0.1").await("back");
            host.java(UNPRIVILEGED, EchoLineProgram.class, "::1").await("back");
        }
    }

    @Test
    void withoutAnyRight_saysTheRemedy() {
        try (Namespace host = new Namespace()) {
            host.run("sysctl -qw net.ipv4.ping_group_range=1\t0");
            assertThat(host.java(UNPRIVILEGED, EchoProgram.class, "127.0.0.1").await("failed"))
                    .isEqualTo("failed ICMP knocks need net.ipv4.ping_group_range to include your group, or root");
        }
    }
}

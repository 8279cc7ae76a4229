package tirl.linux.reply;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tirl.linux.namespace.Namespace;
import tirl.linux.namespace.Program;
import tirl.linux.namespace.ReplyProgram;

@Tag("netns")
class ReplySocketKernelTest {
    /** A socket takes the datagrams, and the kernel the echo replies, only with right checksums. */
    @Test
    void answers_comeFromWhereNothingListens() {
        try (Namespace host = new Namespace()) {
            host.run("ip addr add fd07::9/64 dev lo nodad");
            Program program = host.java(ReplyProgram.class, "127.0.0.9", "127.0.0.1", "fd07::9", "::1");
            assertThat(program.await("received")).isEqualTo("received 127.0.0.9 62201 true");
            assertThat(program.await(line -> line.contains("fd07"), "fd07"))
                    .isEqualTo("received fd07:0:0:0:0:0:0:9 62201 true");
            assertThat(host.run("nstat -asz IcmpInEchoReps IcmpInErrors IcmpInCsumErrors Icmp6InEchoReplies"
                            + " Icmp6InErrors Icmp6InCsumErrors"))
                    .containsPattern("IcmpInEchoReps +1 ")
                    .containsPattern("Icmp6InEchoReplies +1 ")
                    .containsPattern("IcmpInErrors +0 ")
                    .containsPattern("IcmpInCsumErrors +0 ")
                    .containsPattern("Icmp6InErrors +0 ")
                    .containsPattern("Icmp6InCsumErrors +0 ");
        }
    }
}

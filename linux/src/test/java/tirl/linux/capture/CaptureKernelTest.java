package tirl.linux.capture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tirl.linux.namespace.CaptureProgram;
import tirl.linux.namespace.FrameSender;
import tirl.linux.namespace.Frames;
import tirl.linux.namespace.Namespace;
import tirl.linux.namespace.Program;
import tirl.linux.namespace.TunDevice;

@Tag("netns")
class CaptureKernelTest {
    private static final String SERVER_MAC = "02:00:00:00:00:01";

    @Test
    void linkGoesDownAndUp_isHeardAgainWithoutBusyLoop() {
        try (Namespace server = new Namespace();
                Namespace client = new Namespace()) {
            server.veth("in0", "10.7.0.1/24", client, "out0", "10.7.0.2/24");
            Program capture = server.java(CaptureProgram.class, "in0");
            capture.await("opened in0");
            capture.await("ready");
            client.udp("10.7.0.1", 7001);
            assertThat(capture.await("frame")).isEqualTo("frame ETHERNET DECODED 10.7.0.2 10.7.0.1 7001");

            server.run("ip link set in0 down");
            capture.await("lost in0: it is down");
            long turns = turns(capture);
            client.shell("for i in {1..20}; do ip link show out0; done");
            assertThat(turns(capture) - turns).isLessThan(20);

            server.run("ip link set in0 up");
            capture.await("opened in0");
            client.udp("10.7.0.1", 7002);
            assertThat(capture.await("frame")).endsWith("7002");
            // One more when the link itself said something before the filter was in place.
            assertThat(capture.say("statistics").await("statistics"))
                    .containsPattern("iface=in0, open=true, received=[23], dropped=0");
        }
    }

    @Test
    void linkFlapsManyTimes_isHeardAfterwards() {
        try (Namespace server = new Namespace();
                Namespace client = new Namespace()) {
            server.veth("in0", "10.7.0.1/24", client, "out0", "10.7.0.2/24");
            Program capture = server.java(CaptureProgram.class, "in0");
            capture.await("ready");
            server.shell("for i in {1..30}; do ip link set in0 down; ip link set in0 up; done");
            capture.say("filter udp dst portrange 7000-7099").await("filter set");
            long turns = turns(capture);
            // The last change may not have come to it yet.
            capture.provoke(() -> client.udp("10.7.0.1", 7003), line -> line.endsWith(" 7003"), "7003");
            assertThat(turns(capture) - turns).isLessThan(200);
        }
    }

    @Test
    void deletedAndMadeAgain_isHeardAgain() {
        try (Namespace server = new Namespace();
                Namespace client = new Namespace()) {
            Program capture = server.java(CaptureProgram.class, "in0");
            capture.await("lost in0: there is no such interface");
            capture.await("ready");
            for (int round = 0; round < 3; round++) {
                server.veth("in0", "10.7.0.1/24", client, "out0", "10.7.0.2/24");
                capture.await("opened in0");
                client.udp("10.7.0.1", 7010 + round);
                assertThat(capture.await("frame")).endsWith(" " + (7010 + round));
                server.run("ip link del in0");
                capture.await("lost in0");
            }
        }
    }

    @Test
    void replacedWithinOneTurn_isHeardAgain() {
        try (Namespace server = new Namespace();
                Namespace client = new Namespace()) {
            server.veth("in0", "10.7.0.1/24", client, "out0", "10.7.0.2/24");
            Program capture = server.java(CaptureProgram.class, "in0");
            capture.await("ready");
            server.shell("ip -batch - <<< $'link del in0\nlink add in0 type veth peer name out0 netns " + client.name()
                    + "\naddr add 10.7.0.1/24 dev in0\nlink set in0 up\n'");
            client.run("ip addr add 10.7.0.2/24 dev out0");
            client.run("ip link set out0 up");
            capture.await("opened in0");
            client.udp("10.7.0.1", 7020);
            capture.await(line -> line.endsWith(" 7020"), "7020");
        }
    }

    @Test
    void addressAddedLater_isLocal() {
        try (Namespace server = new Namespace();
                Namespace client = new Namespace()) {
            server.veth("in0", "10.7.0.1/24", client, "out0", "10.7.0.2/24");
            Program capture = server.java(CaptureProgram.class, "in0");
            capture.await("ready");
            assertThat(capture.say("local 10.7.0.1").await("local")).isEqualTo("local true");
            assertThat(capture.say("local 127.3.2.1").await("local")).isEqualTo("local true");
            assertThat(capture.say("local 10.7.0.2").await("local")).isEqualTo("local false");
            server.run("ip addr add 10.7.0.9/24 dev in0");
            capture.askUntil("local 10.7.0.9", "local true");
            server.run("ip addr del 10.7.0.9/24 dev in0");
            capture.askUntil("local 10.7.0.9", "local false");
            server.run("ip addr add fd07::9/64 dev in0");
            capture.askUntil("local fd07::9", "local true");
            server.run("ip link del in0");
            capture.askUntil("local fd07::9", "local false");
        }
    }

    @Test
    void taggedFrameOnNamedParent_isHeard() {
        try (Namespace server = new Namespace();
                Namespace client = new Namespace()) {
            server.veth("in0", "10.7.0.1/24", client, "out0", "10.7.0.2/24");
            Program capture = server.java(CaptureProgram.class, "in0");
            capture.await("ready");
            Program sender = client.java(FrameSender.class, "out0");
            sender.await("ready");
            sender.say(Frames.ethernet(SERVER_MAC, "10.7.0.2", "10.7.0.1", 7030, 5));
            assertThat(capture.await("frame")).isEqualTo("frame ETHERNET DECODED 10.7.0.2 10.7.0.1 7030");
            sender.say(Frames.ethernet(SERVER_MAC, "10.7.0.2", "10.7.0.1", 7031, 5, 6));
            assertThat(capture.await("frame")).isEqualTo("frame ETHERNET DECODED 10.7.0.2 10.7.0.1 7031");
            sender.say(Frames.ethernet(SERVER_MAC, "10.7.0.2", "10.7.0.1", 6999, 5));
            sender.say(Frames.ethernet(SERVER_MAC, "10.7.0.2", "10.7.0.1", 7032));
            assertThat(capture.await("frame")).endsWith("7032");
        }
    }

    @Test
    void any_hearsEachPacketOnce() {
        try (Namespace server = new Namespace();
                Namespace client = new Namespace()) {
            server.run("ip link add br0 address 02:00:00:00:00:01 type bridge");
            server.veth("in0", "192.0.2.1/24", client, "out0", "10.7.0.2/24");
            server.run("ip link set in0 master br0");
            server.run("ip addr add 10.7.0.1/24 dev br0");
            server.run("ip link set br0 up");
            server.veth("in1", "10.8.0.1/24", client, "out1", "10.8.0.2/24");
            Program capture = server.java(CaptureProgram.class, "any");
            capture.await("opened any");
            capture.await("ready");
            client.udp("10.7.0.1", 7040);
            client.udp("10.8.0.1", 7041);
            Program sender = client.java(FrameSender.class, "out1");
            sender.await("ready");
            // A VLAN number is another interface's; priority tags (number 0) are the parent's own.
            sender.say(Frames.ethernet(SERVER_MAC, "10.8.0.2", "10.8.0.1", 7042, 5));
            sender.say(Frames.ethernet("02:00:00:00:00:77", "10.8.0.2", "10.8.0.1", 7043));
            sender.say(Frames.ethernet(SERVER_MAC, "10.8.0.2", "10.8.0.1", 7044, 0));
            // The sender is another process: what it was told last has to arrive before others send on.
            capture.await(line -> line.endsWith(" 7044"), "7044");
            server.udp("10.8.0.2", 7045); // our own never count
            server.udp("127.0.0.1", 7046);
            client.udp("10.8.0.1", 7049);
            capture.await(line -> line.endsWith(" 7049"), "7049");
            assertThat(capture.seen().stream().filter(line -> line.startsWith("frame")))
                    .containsExactlyInAnyOrder(
                            "frame LINUX_SLL2 DECODED 10.7.0.2 10.7.0.1 7040",
                            "frame LINUX_SLL2 DECODED 10.8.0.2 10.8.0.1 7041",
                            "frame LINUX_SLL2 DECODED 10.8.0.2 10.8.0.1 7044",
                            "frame LINUX_SLL2 DECODED 127.0.0.1 127.0.0.1 7046",
                            "frame LINUX_SLL2 DECODED 10.8.0.2 10.8.0.1 7049");
            server.run("ip link set in1 down");
            server.run("ip link set in1 up");
            client.udp("10.8.0.1", 7050);
            capture.await(line -> line.endsWith(" 7050"), "7050");
        }
    }

    @Test
    void tunThatComesAndGoes_isHeardWithoutLinkHeader() {
        try (Namespace server = new Namespace()) {
            Program capture = server.java(CaptureProgram.class, "tun7");
            capture.await("lost tun7: there is no such interface");
            for (int round = 0; round < 2; round++) {
                Program tun = server.java(TunDevice.class, "tun7");
                tun.await("ready");
                server.run("ip addr add 10.9.0.1/24 dev tun7");
                server.run("ip link set tun7 up");
                capture.await("opened tun7");
                tun.say(Frames.raw("10.9.0.2", "10.9.0.1", 7060 + round)).await("sent");
                assertThat(capture.await("frame"))
                        .isEqualTo("frame RAW_IP DECODED 10.9.0.2 10.9.0.1 " + (7060 + round));
                tun.close();
                capture.await("lost tun7");
            }
        }
    }

    @Test
    void loopback_isHeardOnce() {
        try (Namespace server = new Namespace()) {
            Program capture = server.java(CaptureProgram.class, "lo");
            capture.await("ready");
            server.udp("127.0.0.1", 7070);
            server.udp("127.0.0.1", 7071);
            capture.await(line -> line.endsWith(" 7071"), "7071");
            assertThat(capture.seen().stream().filter(line -> line.endsWith(" 7070")))
                    .hasSize(1);
            assertThat(capture.say("statistics").await("statistics")).contains("received=2,");
        }
    }

    @Test
    void filterChanged_keepsTheHandle() {
        try (Namespace server = new Namespace()) {
            Program capture = server.java(CaptureProgram.class, "lo");
            capture.await("ready");
            capture.say("filter udp dst port 7080").await("filter set");
            server.udp("127.0.0.1", 7081);
            server.udp("127.0.0.1", 7080);
            assertThat(capture.await("frame")).endsWith(" 7080");
            assertThat(capture.say("filter no such words").await("filter")).contains("refused");
            server.udp("127.0.0.1", 7080);
            assertThat(capture.await("frame")).endsWith(" 7080");
            assertThat(capture.seen().stream().filter(line -> line.startsWith("opened")))
                    .hasSize(1);
        }
    }

    private static long turns(Program capture) {
        return Long.parseLong(capture.say("turns").await("turns ").substring("turns ".length()));
    }
}

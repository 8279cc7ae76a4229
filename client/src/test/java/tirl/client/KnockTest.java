package tirl.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.packet.Transport;

class KnockTest {
    private static final ServiceNames NAMES = new ServiceNames(
            List.of("# names", "ssh\t22/tcp", "domain 53/tcp", "domain 53/udp nameserver # DNS", "", "bad"));

    @ParameterizedTest
    @CsvSource({
        "7000, tcp/7000",
        "7000:tcp, tcp/7000",
        "8000:udp, udp/8000",
        "64:icmp, icmp/echo:64",
        "0:icmp, icmp/echo:0",
        "7000:UDP, tcp/7000",
        "7000:sctp, tcp/7000",
        "7000:, tcp/7000",
        "8000:udp:x, tcp/8000",
        "ssh, tcp/22",
        "nameserver:udp, udp/53",
    })
    void parse_knock_isRead(String text, String step) {
        assertThat(Knock.parse(text, false, NAMES)).hasToString(step);
    }

    @Test
    void parse_allUdp_overridesWhatIsWritten() {
        assertThat(Knock.parse("7000:tcp", true, NAMES)).hasToString("udp/7000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0", "65536", "ssh:udp", ":udp", "65508:icmp", "-1", "7000,8000", "9999999999"})
    void parse_noKnock_saysWhatIsRight(String text) {
        assertThatThrownBy(() -> Knock.parse(text, false, NAMES)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void send_udp_isOneZeroOctet() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(5000);
            new Knocker((_, _) -> {}).send(socket.getLocalAddress(), new Knock(Transport.UDP, socket.getLocalPort()));
            DatagramPacket packet = new DatagramPacket(new byte[10], 10);
            socket.receive(packet);
            assertThat(packet.getLength()).isEqualTo(1);
            assertThat(packet.getData()[0]).isZero();
        }
    }

    @Test
    void send_tcpToAClosedPort_isNoError() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        new Knocker((_, _) -> {}).send(InetAddress.getLoopbackAddress(), new Knock(Transport.TCP, port));
    }

    @Test
    void send_icmp_goesThroughTheEchoSender() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        new Knocker((_, size) -> sizes.add(size)).send(InetAddress.getLoopbackAddress(), new Knock(Transport.ICMP, 64));
        assertThat(sizes).containsExactly(64);
    }
}

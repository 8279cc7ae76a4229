package tirl.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Captures made with real tools (testdata/captures/record.sh), against what tcpdump says of them. */
class CaptureTest {
    static final Path CAPTURES = Path.of("..", "testdata", "captures");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ethernet-tcp     | TCP 10.99.0.2:40001 > 10.99.0.1:7000 flags 2 payload 0
            ethernet-fin     | TCP 10.99.0.2:40002 > 10.99.0.1:7001 flags 1 payload 0
            ethernet-udp     | UDP 10.99.0.2:40003 > 10.99.0.1:8000 flags 0 payload 1
            ethernet-icmp    | ICMP 10.99.0.2:0 > 10.99.0.1:0 echo payload 64
            ethernet-arp     | NOT_IP
            ethernet-tcp6    | TCP fd99::2:40004 > fd99::1:7000 flags 2 payload 0
            ethernet-udp6    | UDP fd99::2:40005 > fd99::1:8000 flags 0 payload 3
            ethernet-icmp6   | ICMP fd99::2:0 > fd99::1:0 echo payload 100
            vlan-tcp         | TCP 10.99.0.2:40009 > 10.99.0.1:7000 flags 2 payload 0
            ipv4-options     | ICMP 10.99.0.2:0 > 10.99.0.1:0 echo payload 56
            ipv4-fragments   | FRAGMENT, FRAGMENT, FRAGMENT
            ipv6-fragments   | FRAGMENT, FRAGMENT, FRAGMENT
            ipv6-extensions  | UDP fd99::2:40006 > fd99::1:8000 flags 0 payload 5
            cooked-v1        | TCP 10.99.0.2:40001 > 10.99.0.1:7000 flags 2 payload 0
            cooked-v2        | TCP 10.99.0.2:40001 > 10.99.0.1:7000 flags 2 payload 0
            raw-tun          | TCP 10.99.8.2:40008 > 10.99.8.1:7000 flags 2 payload 0
            loopback         | UDP 127.0.0.1:40007 > 127.0.0.1:8000 flags 0 payload 1
            """)
    void decode_captureOfARealTool_tellsWhatTcpdumpTells(String name, String expected) throws IOException {
        assertThat(String.join(", ", describe(read(CAPTURES.resolve(name + ".pcap")))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void decode_captureCutAtEveryLength_neverReadsPastTheEnd(Path capture) throws IOException {
        byte[] whole = Files.readAllBytes(capture);
        for (int length = 0; length < whole.length; length++) {
            // A heap segment of exactly this size makes any read past it an IndexOutOfBoundsException.
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            PcapFile.open(MemorySegment.ofArray(cut)).ifPresent(CaptureTest::describe);
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void decode_frameCutAtEveryLength_isTruncatedOrAnEarlierVerdict(Path capture) throws IOException {
        byte[] file = Files.readAllBytes(capture);
        LinkType link = PcapFile.open(MemorySegment.ofArray(file)).orElseThrow().link();
        byte[] frame = java.util.Arrays.copyOfRange(file, 40, file.length);
        PacketDecoder decoder = new PacketDecoder(new Packet());
        for (int length = 0; length < Math.min(14, frame.length); length++) {
            MemorySegment cut = MemorySegment.ofArray(java.util.Arrays.copyOf(frame, length));
            assertThat(decoder.decode(cut, 0, length, link)).isNotEqualTo(DecodeOutcome.DECODED);
        }
    }

    static Stream<Path> captures() throws IOException {
        try (Stream<Path> files = Files.list(CAPTURES)) {
            return files.filter(file -> file.toString().endsWith(".pcap")).sorted().toList().stream();
        }
    }

    static PcapFile read(Path file) throws IOException {
        return PcapFile.open(MemorySegment.ofArray(Files.readAllBytes(file))).orElseThrow();
    }

    static List<String> describe(PcapFile file) {
        Packet packet = new Packet();
        PacketDecoder decoder = new PacketDecoder(packet);
        List<String> lines = new ArrayList<>();
        while (file.next()) {
            DecodeOutcome outcome = file.decode(decoder);
            lines.add(outcome == DecodeOutcome.DECODED ? describe(packet) : outcome.name());
        }
        return lines;
    }

    private static String describe(Packet packet) {
        String ends = packet.transport() + " " + packet.source() + ":" + packet.sourcePort() + " > "
                + packet.destination() + ":" + packet.destinationPort();
        String kind = packet.isEchoRequest() ? " echo" : " flags " + packet.tcpFlags();
        return ends + kind + " payload " + packet.payloadLength();
    }
}

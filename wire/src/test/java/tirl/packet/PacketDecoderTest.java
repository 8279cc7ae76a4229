package tirl.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no tool sends. Frames are raw IP, written in hexadecimal. */
class PacketDecoderTest {
    private static final String SYN = "9c40 1b58 00000001 00000000 5002 faf0 0000 0000";
    private static final String V4 = "4500 0028 0001 0000 4006 0000 0a630002 0a630001 ";
    private static final String V6_ENDS = "fd990000000000000000000000000002 fd990000000000000000000000000001 ";

    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(packet);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            header length below 20               | 4400 0028 0001 0000 4006 0000 0a630002 0a630001 | MALFORMED
            total length below header            | 4500 0013 0001 0000 4006 0000 0a630002 0a630001 | MALFORMED
            header reaches past the frame        | 4f00 003c 0001 0000 4006 0000 0a630002 0a630001 | TRUNCATED
            no room for a TCP header             | 4500 0028 0001 0000 4006 0000 0a630002 0a630001 9c40 1b58 | TRUNCATED
            total length cuts the TCP header     | 4500 0024 0001 0000 4006 0000 0a630002 0a630001 9c40 1b58 00000001 00000000 5002 faf0 0000 0000 | MALFORMED
            TCP data offset below 5              | 4500 0028 0001 0000 4006 0000 0a630002 0a630001 9c40 1b58 00000001 00000000 4002 faf0 0000 0000 | MALFORMED
            first fragment with whole TCP header | 4500 0028 0001 2000 4006 0000 0a630002 0a630001 9c40 1b58 00000001 00000000 5002 faf0 0000 0000 | FRAGMENT
            don't-fragment is no fragment        | 4500 0028 0001 4000 4006 0000 0a630002 0a630001 9c40 1b58 00000001 00000000 5002 faf0 0000 0000 | DECODED
            UDP length below 8                   | 4500 001c 0001 0000 4011 0000 0a630002 0a630001 9c40 1f40 0007 0000 | MALFORMED
            UDP length past the packet           | 4500 001c 0001 0000 4011 0000 0a630002 0a630001 9c40 1f40 0009 0000 | MALFORMED
            ICMP shorter than its header         | 4500 001a 0001 0000 4001 0000 0a630002 0a630001 0800 0000 0000 0000 | MALFORMED
            ICMPv6 inside IPv4                   | 4500 001c 0001 0000 403a 0000 0a630002 0a630001 8000 0000 0000 0000 | OTHER_PROTOCOL
            SCTP                                 | 4500 001c 0001 0000 4084 0000 0a630002 0a630001 9c40 1f40 0008 0000 | OTHER_PROTOCOL
            IP version 5                         | 5500 0028 0001 0000 4006 0000 0a630002 0a630001 | NOT_IP
            nothing at all                       | '' | TRUNCATED
            """)
    void decode_ipv4_givesOutcome(String what, String hex, DecodeOutcome expected) {
        assertThat(decodeRaw(hex)).as(what).isEqualTo(expected);
    }

    @Test
    void decode_echo_hasItsNumbers() {
        assertThat(decodeRaw("4500 001c 0001 0000 4001 0000 0a630002 0a630001 0800 0000 beef 0102"))
                .isEqualTo(DecodeOutcome.DECODED);
        assertThat(packet.echoNumbers()).isEqualTo(0xbeef_0102);
        decodeRaw(V4 + SYN);
        assertThat(packet.echoNumbers()).isZero();
    }

    @Test
    void decode_ipv6AtomicFragment_isDecoded() {
        assertThat(decodeRaw("60000000 001c 2c40 " + V6_ENDS + "0600 0000 00000001 " + SYN))
                .isEqualTo(DecodeOutcome.DECODED);
        assertThat(packet.destinationPort()).isEqualTo(7000);
    }

    @Test
    void decode_ipv6FirstFragment_isFragment() {
        assertThat(decodeRaw("60000000 001c 2c40 " + V6_ENDS + "0600 0001 00000001 " + SYN))
                .isEqualTo(DecodeOutcome.FRAGMENT);
    }

    @Test
    void decode_ipv6ChainOfEightHeaders_isDecodedAndOfNineIsNot() {
        assertThat(decodeRaw(ipv6WithDestinationOptions(8))).isEqualTo(DecodeOutcome.DECODED);
        assertThat(decodeRaw(ipv6WithDestinationOptions(9))).isEqualTo(DecodeOutcome.OTHER_PROTOCOL);
    }

    @Test
    void decode_ipv6HeaderLongerThanThePacketSays_isMalformed() {
        assertThat(decodeRaw("60000000 0008 3c40 " + V6_ENDS + "0601 0000 00000000 " + SYN + SYN))
                .isEqualTo(DecodeOutcome.MALFORMED);
    }

    @Test
    void decode_ipv6WithMappedSource_isNotTakenForIpv4() {
        String mapped = "00000000000000000000ffff0a630002 fd990000000000000000000000000001 ";
        assertThat(decodeRaw("60000000 0014 0640 " + mapped + SYN)).isEqualTo(DecodeOutcome.MALFORMED);
    }

    @Test
    void decode_twoVlanTags_areReadAndThreeAreNot() {
        String ethernet = "000000000001 000000000002 ";
        assertThat(decode(ethernet + "88a8 0007 8100 0008 0800 " + V4 + SYN, LinkType.ETHERNET))
                .isEqualTo(DecodeOutcome.DECODED);
        assertThat(decode(ethernet + "88a8 0007 8100 0008 8100 0009 0800 " + V4 + SYN, LinkType.ETHERNET))
                .isEqualTo(DecodeOutcome.NOT_IP);
    }

    @ParameterizedTest
    @CsvSource({"NULL", "LOOP"})
    void decode_bsdLoopback_skipsTheFamily(LinkType link) {
        assertThat(decode("00000002 " + V4 + SYN, link)).isEqualTo(DecodeOutcome.DECODED);
        assertThat(packet.source()).hasToString("10.99.0.2");
        assertThat(packet.tcpFlags()).isEqualTo(TcpFlags.SYN);
    }

    /** One million mutants of the captured frames: no exception, and a decoded packet is one that could be. */
    @Test
    void decode_mutatedFrames_neverThrows() throws IOException {
        Random random = new Random(20261121);
        List<byte[]> seeds = new ArrayList<>();
        for (Path capture : CaptureTest.captures().toList()) {
            byte[] file = Files.readAllBytes(capture);
            seeds.add(java.util.Arrays.copyOfRange(file, 40, file.length));
        }
        List<LinkType> links = List.of(LinkType.values());
        Map<DecodeOutcome, Integer> seen = new EnumMap<>(DecodeOutcome.class);
        for (int i = 0; i < 1_000_000; i++) {
            byte[] frame = seeds.get(random.nextInt(seeds.size())).clone();
            for (int change = random.nextInt(6); change > 0; change--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(frame.length + 1) : frame.length;
            MemorySegment memory = MemorySegment.ofArray(java.util.Arrays.copyOf(frame, length));
            LinkType link = links.get(random.nextInt(links.size()));
            DecodeOutcome outcome = decoder.decode(memory, 0, length, link);
            seen.merge(outcome, 1, Integer::sum);
            if (outcome == DecodeOutcome.DECODED) {
                assertThat(packet.payloadLength()).isBetween(0, 65535);
                assertThat(packet.destinationPort()).isBetween(0, 65535);
            }
        }
        assertThat(seen).containsOnlyKeys(DecodeOutcome.values());
    }

    private String ipv6WithDestinationOptions(int headers) {
        StringBuilder hex = new StringBuilder("60000000 ")
                .append(String.format("%04x", headers * 8 + 20))
                .append(" 3c40 ")
                .append(V6_ENDS);
        for (int i = 1; i < headers; i++) {
            hex.append("3c00 0104 00000000 ");
        }
        return hex.append("0600 0104 00000000 ").append(SYN).toString();
    }

    private DecodeOutcome decodeRaw(String hex) {
        return decode(hex, LinkType.RAW_IP);
    }

    private DecodeOutcome decode(String hex, LinkType link) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        return decoder.decode(MemorySegment.ofArray(bytes), 0, bytes.length, link);
    }
}

package tirl.linux.firewall;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.door.ServicePort;
import tirl.grant.Nat;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.ruleset.LeaseNat;

class NatCodecTest {
    private final NatCodec codec = new NatCodec();
    private final MessageWriter writer = new MessageWriter(4096);

    private static Opening opening(String source) {
        return new Opening(Address.parse(source).orElseThrow(), new ServicePort(Transport.TCP, 8080));
    }

    private void add(Opening opening, String name, ByteBuffer value) {
        codec.add(writer, 7, new TimedOpening(opening, Duration.ofSeconds(60), "x"), name, value);
    }

    @Test
    void addedElement_hasTheOctetsThatNftSends() {
        NatCodec.elements(Nat.parse("10.0.0.5:80").orElseThrow())
                .forEach((name, value) -> add(opening("192.0.2.7"), name, value));
        // By hand from nf_tables.h: header, family, table, set, list, element, key, timeout, data.
        assertThat(HexFormat.of()
                        .formatHex(writer.bytes().asSlice(0, writer.length()).toArray(JAVA_BYTE)))
                .isEqualTo("640000000c0a0104" + "0700000000000000" + "01000000" + "090001007469726c00000000"
                        + "0c0002006e61745f746f3400" + "38000380" + "34000180"
                        + "14000180" + "10000100c0000207" + "060000001f900000"
                        + "0c000400000000000000ea60" + "10000280" + "0c0001000a00000500500000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.5:80",
                "[fd00::5]:65535",
                ":22",
                "10.0.0.5:80,masquerade",
                "10.0.0.5:1,10.0.0.1",
                "[fd00::5]:80,fd00::1"
            })
    void elements_readBackAsWhereTheyLead(String text) {
        Nat nat = Nat.parse(text).orElseThrow();
        Opening opening = opening(text.startsWith("[") ? "2001:db8::7" : "192.0.2.7");
        Map<String, ByteBuffer> found = new HashMap<>();
        NatCodec.elements(nat).forEach((name, value) -> {
            writer.clear();
            add(opening, name, value);
            MessageReader reader = new MessageReader(writer.bytes());
            reader.reset(writer.length());
            while (reader.next()) {
                codec.read(reader, (of, read) -> {
                    assertThat(of).isEqualTo(opening);
                    found.put(name, read);
                });
            }
        });
        assertThat(NatCodec.nat(found)).contains(nat);
    }

    /** Anybody with the capability can put in what we do not. */
    @Test
    void elementsByHand_leadNowhere() {
        assertThat(NatCodec.nat(Map.of())).isEmpty();
        assertThat(NatCodec.nat(Map.of(LeaseNat.MASQUERADED, ByteBuffer.allocate(0))))
                .isEmpty();
        assertThat(NatCodec.nat(Map.of(LeaseNat.PORTS, ByteBuffer.allocate(2)))).isEmpty();
        assertThat(NatCodec.nat(Map.of(LeaseNat.PORTS, ByteBuffer.allocate(0)))).isEmpty();
        assertThat(NatCodec.nat(Map.of(LeaseNat.TARGETS, ByteBuffer.allocate(1))))
                .isEmpty();
    }

    @Test
    void truncatedOrBrokenMessages_neverThrow() {
        NatCodec.elements(Nat.parse("10.0.0.5:80").orElseThrow())
                .forEach((name, value) -> add(opening("192.0.2.7"), name, value));
        Random random = new Random(3);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(writer.length());
            for (int round = 0; round < 20_000; round++) {
                bytes.copyFrom(writer.bytes().asSlice(0, writer.length()));
                for (int i = random.nextInt(5); i > 0; i--) {
                    bytes.set(JAVA_BYTE, random.nextLong(writer.length()), (byte) random.nextInt());
                }
                MessageReader reader = new MessageReader(bytes.asSlice(0, random.nextLong(writer.length() + 1)));
                reader.reset(Long.MAX_VALUE);
                while (reader.next()) {
                    codec.read(reader, (_, value) -> {
                        var _ = NatCodec.nat(Map.of(LeaseNat.TARGETS, value, LeaseNat.SENDERS, value));
                        var _ = NatCodec.nat(Map.of(LeaseNat.PORTS, value));
                    });
                }
            }
        }
    }
}

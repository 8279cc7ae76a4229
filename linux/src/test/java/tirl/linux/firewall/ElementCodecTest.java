package tirl.linux.firewall;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tirl.door.ServicePort;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.packet.Address;
import tirl.packet.Transport;

class ElementCodecTest {
    private static final int TIMEOUT = 4;
    private static final int EXPIRATION = 5;

    private final ElementCodec codec = new ElementCodec();
    private final MessageWriter writer = new MessageWriter(4096);

    @Test
    void addedElement_hasTheOctetsThatNftSends() {
        codec.add(writer, 7, 0, timed("192.0.2.7", 22, 60_000, "ops"));
        // Laid out by hand from nf_tables.h: header, family, table, set, list, element, key, timeout, user data.
        assertThat(hex())
                .isEqualTo("600000000c0a0104" + "0700000000000000" + "01000000" + "090001007469726c00000000"
                        + "0a0002006f70656e34000000" + "34000380" + "30000180"
                        + "14000180" + "10000100c0000207" + "0600000000160000"
                        + "0c000400000000000000ea60" + "0a000600" + "00046f7073000000");
    }

    @Test
    void elementWithExpiration_readsBackAsItWas() {
        for (TimedOpening opening : List.of(
                timed("192.0.2.7", 22, 60_000, "ops"),
                timed("2001:db8::7", 65535, 1, ""),
                timed("192.0.2.8", 1, 5, "ü".repeat(64)))) {
            assertThat(roundTrip(opening)).containsExactly(opening);
        }
    }

    @Test
    void labelTooLongOrUnprintable_isCutBetweenCharactersAndCleaned() {
        assertThat(roundTrip(timed("192.0.2.7", 22, 5, "x" + "ü".repeat(80)))
                        .getFirst()
                        .label())
                .isEqualTo("x" + "ü".repeat(63));
        assertThat(roundTrip(timed("192.0.2.7", 22, 5, "a\"\n\u001b[2J"))
                        .getFirst()
                        .label())
                .isEqualTo("a___[2J");
    }

    @Test
    void elementWithoutExpiration_isNotOurs() {
        codec.add(writer, 7, 0, timed("192.0.2.7", 22, 60_000, "ops"));
        assertThat(read()).isEmpty();
    }

    @Test
    void noTimeLeft_isAShortOpeningAndNeverAnEndlessOne() {
        codec.add(writer, 7, 0, timed("192.0.2.7", 22, 0, "ops"));
        assertThat(hex()).contains("0c0004000000000000000001");
    }

    @Test
    void truncatedOrBrokenMessages_neverThrow() {
        codec.add(writer, 7, 0, timed("2001:db8::7", 22, 60_000, "ops"));
        timeoutBecomesExpiration();
        Random random = new Random(3);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(writer.length());
            for (int round = 0; round < 50_000; round++) {
                bytes.copyFrom(writer.bytes().asSlice(0, writer.length()));
                for (int i = random.nextInt(5); i > 0; i--) {
                    bytes.set(JAVA_BYTE, random.nextLong(writer.length()), (byte) random.nextInt());
                }
                MessageReader reader = new MessageReader(bytes.asSlice(0, random.nextLong(writer.length() + 1)));
                reader.reset(Long.MAX_VALUE);
                while (reader.next()) {
                    codec.read(reader, each -> assertThat(each.left()).isPositive());
                }
            }
        }
    }

    private static TimedOpening timed(String source, int port, long millis, String label) {
        Opening opening = new Opening(Address.parse(source).orElseThrow(), new ServicePort(Transport.TCP, port));
        return new TimedOpening(opening, Duration.ofMillis(millis), label);
    }

    private List<TimedOpening> roundTrip(TimedOpening opening) {
        writer.clear();
        codec.add(writer, 7, 0, opening);
        timeoutBecomesExpiration();
        return read();
    }

    private List<TimedOpening> read() {
        MessageReader reader = new MessageReader(writer.bytes());
        reader.reset(writer.length());
        List<TimedOpening> found = new ArrayList<>();
        while (reader.next()) {
            codec.read(reader, found::add);
        }
        return found;
    }

    /** In answers the kernel gives both; the two attributes look alike. */
    private void timeoutBecomesExpiration() {
        int at = hex().indexOf("0c000400") / 2;
        assertThat(writer.bytes().get(JAVA_BYTE, at + 2)).isEqualTo((byte) TIMEOUT);
        writer.bytes().set(JAVA_BYTE, at + 2, (byte) EXPIRATION);
    }

    private String hex() {
        return HexFormat.of()
                .formatHex(writer.bytes().asSlice(0, writer.length()).toArray(JAVA_BYTE));
    }
}

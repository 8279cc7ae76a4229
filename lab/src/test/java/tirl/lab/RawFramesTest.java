package tirl.lab;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of the benchmarks' floods are what a network card would take. */
class RawFramesTest {
    private static final String MAC = "02:00:00:00:00:77";
    private static final String SERVER = "10.77.77.1";
    private static final int SOURCE = RawFrames.number("10.128.7.250");

    private final RawFrames frames = new RawFrames(MAC, SERVER);

    @Test
    void syn_isTheFrameOfTheOtherSender() {
        try (Arena arena = Arena.ofConfined()) {
            byte[] other =
                    new SynFrame(arena, MAC, SERVER, 0).from(SOURCE, 7000).toArray(JAVA_BYTE);

            assertThat(frames.syn(SOURCE, 7000)).isEqualTo(other);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 143, 144, 1232})
    void datagram_hasRightLengthsAndChecksums(int length) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) 0x5a);

        ByteBuffer frame = ByteBuffer.wrap(frames.datagram(SOURCE, 62_201, payload));

        assertThat(frame.capacity()).isEqualTo(42 + length);
        assertThat(frame.getShort(16)).isEqualTo((short) (28 + length));
        assertThat(frame.getShort(38)).isEqualTo((short) (8 + length));
        assertThat(frame.getShort(36)).isEqualTo((short) 62_201);
        assertThat(folded(sum(frame, 14, 34))).as("IPv4 header").isEqualTo(0xffff);
        int pseudo = sum(frame, 26, 34) + 17 + 8 + length;
        assertThat(folded(pseudo + sum(frame, 34, frame.capacity()))).as("UDP").isEqualTo(0xffff);
    }

    @Test
    void address_isReadAndWritten() {
        assertThat(RawFrames.address(SOURCE)).isEqualTo("10.128.7.250");
        assertThat(RawFrames.address(RawFrames.number("255.0.0.1"))).isEqualTo("255.0.0.1");
    }

    /** RFC 1071: with its own checksum the sum of a sound header is all ones. */
    private static int sum(ByteBuffer bytes, int from, int to) {
        int sum = 0;
        for (int at = from; at < to; at++) {
            int octet = bytes.get(at) & 0xff;
            sum += (at - from) % 2 == 0 ? octet << 8 : octet;
        }
        return sum;
    }

    private static int folded(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (once & 0xffff) + (once >>> 16);
    }
}

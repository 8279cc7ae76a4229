package tirl.fwknop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two characters that senders cut off come back, whatever the random octets of a message are. */
final class OpenPgpHeadTest {
    private static final int MESSAGES = 3_000;

    @ParameterizedTest
    @CsvSource({"1, 2048", "1, 2041", "1, 2040", "1, 1024", "16, 1024", "18, 263", "18, 384"})
    void head_isTheOneThatWasCutOff(byte algorithm, int bits) {
        Random random = new Random(28);
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = message(random, algorithm, bits);
            byte[] text = Base64Text.encode(message).substring(2).getBytes(StandardCharsets.US_ASCII);
            assertThat(OpenPgpHead.restore(text, 0, text.length, Optional.empty()))
                    .as("message %d", i)
                    .hasValueSatisfying(read -> assertThat(read.bytes()).isEqualTo(message));
        }
    }

    /** A session key of version 3 and protected data, as gpg writes them. */
    private static byte[] message(Random random, byte algorithm, int bits) {
        ByteArrayOutputStream key = new ByteArrayOutputStream();
        key.write(3);
        key.writeBytes(octets(random, 8));
        key.write(algorithm);
        int numbers = algorithm == 16 ? 2 : 1;
        for (int number = 0; number < numbers; number++) {
            key.write(bits >> 8);
            key.write(bits);
            key.writeBytes(octets(random, (bits + 7) / 8));
        }
        if (algorithm == 18) {
            key.write(48);
            key.writeBytes(octets(random, 48));
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (key.size() < 256) {
            message.write(0x84);
        } else {
            message.write(0x85);
            message.write(key.size() >> 8);
        }
        message.write(key.size());
        message.writeBytes(key.toByteArray());
        message.write(0xd2);
        message.write(150);
        message.write(1);
        message.writeBytes(octets(random, 149));
        return message.toByteArray();
    }

    private static byte[] octets(Random random, int count) {
        byte[] octets = new byte[count];
        random.nextBytes(octets);
        return octets;
    }
}

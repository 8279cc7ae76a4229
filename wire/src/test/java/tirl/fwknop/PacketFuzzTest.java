package tirl.fwknop;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Packets of a seeded generator. In the build the same ones every time; with {@code -Dtirl.fuzz.seconds=600} as many as fit into that
 * time, by another seed each time unless {@code -Dtirl.fuzz.seed} names one: CONTRIBUTING.md.
 */
class PacketFuzzTest {
    private static final int ROUNDS = 1_000;
    private static final byte[][] WORDS = {
        bytes("\0"),
        bytes("\n"),
        bytes("\r\n"),
        bytes(":"),
        bytes(","),
        bytes("/"),
        bytes("="),
        bytes("%s%n"),
        bytes("$(id)"),
        bytes("99999999999999999999"),
        bytes("-1"),
        bytes("4294967296"),
        bytes("0.0.0.0"),
        bytes("tcp/22"),
        bytes("tcp/65536"),
        bytes("U2FsdGVkX1"),
        bytes("hQ"),
        bytes("GET /"),
        bytes("User-Agent: Fwknop\r\n"),
        bytes("1234567890123456:"),
        bytes("é")
    };

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void generatedPackets_openNothing_throwNothing_tellNothing() {
        int seconds = Integer.getInteger("tirl.fuzz.seconds", 0);
        long seed = Long.getLong("tirl.fuzz.seed", seconds == 0 ? 1 : System.nanoTime());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        FuzzTarget target = new FuzzTarget();
        Random random = new Random(seed);
        long round = 0;
        while (seconds == 0 ? round < ROUNDS : System.nanoTime() - deadline < 0) {
            byte[] input = input(random);
            round++;
            try {
                target.take(input);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + ", round " + round + ", input "
                                + HexFormat.of().formatHex(input),
                        e);
            }
        }
        System.out.println(round + " inputs of seed " + seed + " against fwknop's packets");
    }

    /** Mostly short, as fields are; noise, or words that mean something, or both. */
    private static byte[] input(Random random) {
        byte[] input = new byte[random.nextInt(random.nextInt(8) == 0 ? 1_700 : 60)];
        random.nextBytes(input);
        int shape = random.nextInt(4);
        for (int i = 0; shape > 0 && i < input.length; i++) {
            input[i] = (byte) (shape == 1 ? ' ' + (input[i] & 0x3f) : '0' + Math.floorMod(input[i], 10));
        }
        for (int words = random.nextInt(4); words > 0; words--) {
            byte[] word = WORDS[random.nextInt(WORDS.length)];
            int at = random.nextInt(input.length + 1);
            byte[] longer = Arrays.copyOf(input, input.length + word.length);
            System.arraycopy(input, at, longer, at + word.length, input.length - at);
            System.arraycopy(word, 0, longer, at, word.length);
            input = longer;
        }
        return input;
    }
}

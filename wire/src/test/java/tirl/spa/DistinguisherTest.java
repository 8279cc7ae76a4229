package tirl.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import tirl.packet.Address;

/**
 * Looks for structure as an outsider would: bits that are not fair at their place, bytes that are not evenly spread at
 * their place, neighbouring bits that depend on each other, and coefficients of ML-KEM. The bounds are such that fair
 * bytes pass all of them but once in a million runs, and the seeds are fixed.
 */
class DistinguisherTest {
    /** For a longer look: {@code -Dtirl.distinguisher=20000}. */
    private static final int HYBRID_PACKETS = Integer.getInteger("tirl.distinguisher", 1_000);

    private static final int PACKETS = HYBRID_PACKETS * 3;
    private static final int PLANTED = 20_000;

    @Test
    void packetsOfSuiteC_lookRandom() {
        Parties parties = new Parties(10);
        assertThat(findings(PACKETS, Suite.C, i -> packet(parties, Suite.C, i))).isEmpty();
    }

    @Test
    void packetsOfSuiteH_lookRandom() {
        Parties parties = new Parties(11);
        assertThat(findings(HYBRID_PACKETS, Suite.H, i -> packet(parties, Suite.H, i)))
                .isEmpty();
    }

    @Test
    void answers_lookRandom() {
        Parties parties = new Parties(12);
        Answer answer = new Answer(Decision.GRANTED, 1, 1, 1, new Address(0, 0xffff_0a00_0001L), 1);
        AnswerKey key = parties.seal(Suite.C, Parties.open(1)).answerKey();
        assertThat(findings(PACKETS, Suite.C, _ -> key.seal(answer, parties.bytes(AnswerKey.SALT_LENGTH))))
                .isEmpty();
    }

    /** The top bit of an X25519 key is 0. */
    @Test
    void unmaskedX25519_isFound() {
        Parties parties = new Parties(13);
        assertThat(findings(2_000, Suite.C, i -> {
                    byte[] packet = packet(parties, Suite.C, i);
                    parties.atServer.gate().mask(Suite.C, packet);
                    return packet;
                }))
                .contains("bit");
    }

    /** Of ML-KEM's 1024 compressed values 257 stand for four numbers and the others for three. */
    @Test
    void unmaskedMlKem_isFound() {
        Parties parties = new Parties(14);
        assertThat(findings(500, Suite.H, i -> {
                    byte[] packet = packet(parties, Suite.H, i);
                    byte[] clear = packet.clone();
                    parties.atServer.gate().mask(Suite.H, clear);
                    System.arraycopy(clear, Suite.H.ciphertextAt(), packet, Suite.H.ciphertextAt(), 1088);
                    return packet;
                }))
                .contains("coefficients");
    }

    /** The test itself can fail: a bit, a byte and a pair that are not fair in one of eight packets. */
    @Test
    void plantedBiases_areFound() {
        Random random = new Random(15);
        assertThat(findings(PLANTED, Suite.C, _ -> {
                    byte[] bytes = new byte[144];
                    random.nextBytes(bytes);
                    bytes[77] |= random.nextInt(8) == 0 ? (byte) 8 : 0;
                    return bytes;
                }))
                .contains("bit");
        assertThat(findings(PLANTED, Suite.C, _ -> {
                    byte[] bytes = new byte[144];
                    random.nextBytes(bytes);
                    bytes[20] = random.nextInt(8) == 0 ? (byte) 0x5a : bytes[20];
                    return bytes;
                }))
                .contains("byte");
        assertThat(findings(PLANTED, Suite.C, _ -> {
                    byte[] bytes = new byte[144];
                    random.nextBytes(bytes);
                    bytes[9] = random.nextInt(8) == 0 ? bytes[8] : bytes[9];
                    return bytes;
                }))
                .contains("neighbour");
    }

    private static byte[] packet(Parties parties, Suite suite, int number) {
        // A device has 16 tokens in an epoch, so that none of them comes twice.
        long epoch = GateKeys.epochOf(Parties.TIME_MS) + number / GateKeys.SLOTS;
        return parties.seal(suite, Parties.open(number + 1), epoch).bytes();
    }

    /** The kinds of structure that were found, or nothing. */
    private static String findings(int count, Suite suite, IntFunction<byte[]> source) {
        byte[] first = source.apply(0);
        int length = first.length;
        int[] ones = new int[length * 8];
        int[] equalToNext = new int[length * 8];
        int[][] bytes = new int[length][256];
        int[] coefficients = new int[1024];
        long coefficientCount = 0;
        for (int i = 0; i < count; i++) {
            byte[] packet = i == 0 ? first : source.apply(i);
            for (int at = 0; at < length; at++) {
                bytes[at][packet[at] & 0xff]++;
                int same = ~(packet[at] ^ packet[(at + 1) % length]);
                for (int bit = 0; bit < 8; bit++) {
                    ones[at * 8 + bit] += packet[at] >> bit & 1;
                    equalToNext[at * 8 + bit] += same >> bit & 1;
                }
            }
            if (suite == Suite.H) {
                // 10 bits each, packed from the lowest bit on; the first 960 octets (FIPS 203 section 4.2.1).
                for (int c = 0; c < 768; c++) {
                    int bit = suite.ciphertextAt() * 8 + c * 10;
                    int two = (packet[bit / 8] & 0xff) | (packet[bit / 8 + 1] & 0xff) << 8;
                    coefficients[two >> bit % 8 & 1023]++;
                    coefficientCount++;
                }
            }
        }
        String found = "";
        // 6.5 standard deviations of a fair coin, over at most 10,000 places.
        double most = 6.5 * Math.sqrt(count) / 2;
        for (int bit = 0; bit < ones.length; bit++) {
            found += Math.abs(ones[bit] - count / 2.0) > most ? "bit " + bit + "; " : "";
            found += Math.abs(equalToNext[bit] - count / 2.0) > most ? "neighbour " + bit + "; " : "";
        }
        for (int at = 0; at < length; at++) {
            found += deviation(bytes[at], count) > 7.5 ? "byte " + at + "; " : "";
        }
        found += coefficientCount > 0 && deviation(coefficients, coefficientCount) > 6.5 ? "coefficients; " : "";
        return found;
    }

    /** How many standard deviations chi-square is above its mean. */
    private static double deviation(int[] counts, long total) {
        double expected = (double) total / counts.length;
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - expected) * (count - expected) / expected;
        }
        int degrees = counts.length - 1;
        return (chiSquare - degrees) / Math.sqrt(2.0 * degrees);
    }
}

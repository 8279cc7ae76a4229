package tirl.fwknop.gate;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import tirl.spa.gate.ThreadMeter;

/**
 * What a packet costs with many stanzas, in processor time of one thread, the best of several rounds. In the folder core after a build:
 * {@code java -cp target/classes:target/test-classes:../wire/target/classes tirl.fwknop.gate.FwknopGateCosts}.
 */
final class FwknopGateCosts {
    private static final int ROUNDS = 12;
    private static final ThreadMeter METER = new ThreadMeter();
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private FwknopGateCosts() {}

    public static void main(String[] args) {
        for (int stanzas : new int[] {1, 100, 1000}) {
            measure(stanzas + " stanzas, a key each", stanzas, FwknopGateCosts::key, true);
            measure(stanzas + " stanzas, one key", stanzas, _ -> key(stanzas - 1), true);
            measure(stanzas + " stanzas, a key each, no HMAC", stanzas, FwknopGateCosts::key, false);
        }
    }

    private static String key(int number) {
        return String.format(Locale.ROOT, "key-%028d", number);
    }

    private static void measure(String what, int stanzas, IntFunction<String> keys, boolean hmac) {
        StringBuilder access = new StringBuilder();
        for (int i = 0; i < stanzas; i++) {
            access.append("SOURCE ANY\nKEY ").append(keys.apply(i)).append('\n');
            if (hmac) {
                access.append("HMAC_KEY hmac of ").append(keys.apply(i)).append('\n');
            }
        }
        FwknopGate gate = Gates.of("", access.toString());
        String last = keys.apply(stanzas - 1);
        Sender sender = hmac ? Sender.of(last) : new Sender(last, Optional.empty());
        byte[] valid = sender.send(Sender.access(Sender.CLIENT, "tcp/22"));
        byte[] shaped = garbage(valid.length, 7);
        shaped[0] = '9';
        // So that the unused bits of the last character are zero, as an informed attacker has them.
        shaped[shaped.length - 1] = 'A';
        byte[] noise = garbage(valid.length, 8);
        noise[0] = 'A';
        int count = Math.max(40, 40_000 / stanzas);
        say(
                "%-40s shaped garbage %9.2f us, other garbage %6.2f us, valid for the last %9.2f us, %d bytes allocated",
                what,
                micros(gate, shaped, count, Dismissal.KEYS),
                micros(gate, noise, count, Dismissal.KEYS),
                micros(gate, valid, count, Dismissal.SOURCE),
                METER.allocated(() -> gate.decide(shaped, Sender.CLIENT, Sender.SERVER, Sender.NOW)));
    }

    private static double micros(FwknopGate gate, byte[] packet, int count, Dismissal expected) {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = METER.cpuNs();
            for (int i = 0; i < count; i++) {
                Decision decision = gate.decide(packet, Sender.CLIENT, Sender.SERVER, Sender.NOW);
                if ((decision instanceof Decision.Ignored) != (expected == Dismissal.KEYS)) {
                    throw new IllegalStateException(decision.toString());
                }
            }
            best = Math.min(best, (METER.cpuNs() - start) / 1000.0 / count);
        }
        return best;
    }

    private static byte[] garbage(int length, int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(64)));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}

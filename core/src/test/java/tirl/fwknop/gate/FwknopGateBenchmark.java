package tirl.fwknop.gate;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tirl.recognise.Timed;

/** A packet where so many stanzas could have made it. */
@State(Scope.Benchmark)
public class FwknopGateBenchmark extends Timed {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /** What keys the stanzas have. */
    public enum Keys {
        /** Each its own, with an HMAC key. */
        OWN,
        /** All the same. */
        SHARED,
        /** Each its own, and no HMAC. */
        NO_HMAC
    }

    @Param({"1", "100", "1000"})
    int stanzas;

    @Param("OWN")
    Keys keys = Keys.OWN;

    private FwknopGate gate;
    private byte[] valid = {};
    private byte[] shaped = {};
    private byte[] noise = {};

    /** For JMH. */
    public FwknopGateBenchmark() {}

    @Setup
    public void read() {
        StringBuilder access = new StringBuilder();
        for (int i = 0; i < stanzas; i++) {
            access.append("SOURCE ANY\nKEY ").append(key(i)).append('\n');
            if (keys != Keys.NO_HMAC) {
                access.append("HMAC_KEY hmac of ").append(key(i)).append('\n');
            }
        }
        gate = Gates.of("", access.toString());
        String last = key(stanzas - 1);
        Sender sender = keys == Keys.NO_HMAC ? new Sender(last, Optional.empty()) : Sender.of(last);
        valid = sender.send(Sender.access(Sender.CLIENT, "tcp/22"));
        // Of the same length, right in every letter that is known without a key.
        String nobody = key(stanzas + 1);
        shaped = (keys == Keys.NO_HMAC ? new Sender(nobody, Optional.empty()) : Sender.of(nobody))
                .send(Sender.access(Sender.CLIENT, "tcp/22"));
        noise = garbage(valid.length, 8);
        noise[0] = 'A';
        if (!(shapedGarbage() instanceof Decision.Ignored)
                || !(otherGarbage() instanceof Decision.Ignored)
                || validForTheLast() instanceof Decision.Ignored) {
            throw new IllegalStateException("decided otherwise");
        }
    }

    private String key(int number) {
        return String.format(Locale.ROOT, "key-%028d", keys == Keys.SHARED ? stanzas : number);
    }

    private static byte[] garbage(int length, int seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(64)));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Spelled right, so every key has to be tried: a packet made with a key that no stanza has. */
    @Benchmark
    public Decision shapedGarbage() {
        return decide(shaped);
    }

    /** Letters only; its spelling gives it away. */
    @Benchmark
    public Decision otherGarbage() {
        return decide(noise);
    }

    /** The gate does nothing, so a packet is valid as often as it is asked about. */
    @Benchmark
    public Decision validForTheLast() {
        return decide(valid);
    }

    private Decision decide(byte[] packet) {
        return gate.decide(packet, Sender.CLIENT, Sender.SERVER, Sender.NOW);
    }
}

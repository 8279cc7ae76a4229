package tirl.daemon.spa;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tirl.packet.Address;
import tirl.spa.Answer;
import tirl.spa.AnswerKey;
import tirl.spa.Body;
import tirl.spa.Decision;

/** The answer to one packet: given once, or never. Nothing is kept when none is wanted. */
final class PendingAnswer {
    private final AnswerKey key;
    private final Body.Header header;
    private final Address observed;
    private final int port;
    private final Consumer<byte[]> wayBack;
    private final UnaryOperator<byte[]> random;

    /** @param random fills an array with random octets */
    PendingAnswer(
            AnswerKey key,
            Body.Header header,
            Address observed,
            int port,
            Consumer<byte[]> wayBack,
            UnaryOperator<byte[]> random) {
        this.key = key;
        this.header = header;
        this.observed = observed;
        this.port = port;
        this.wayBack = wayBack;
        this.random = random;
        if (!header.answer()) {
            key.wipe();
        }
    }

    /** Nobody gets one. */
    void drop() {
        key.wipe();
    }

    void give(Decision decision, long seconds, long nowMs) {
        if (!header.answer()) {
            return;
        }
        int told = (int) Math.min(seconds, Integer.toUnsignedLong(-1));
        Answer answer = new Answer(decision, nowMs, header.counter(), told, observed, port);
        byte[] sealed = key.seal(answer, random.apply(new byte[AnswerKey.SALT_LENGTH]));
        key.wipe();
        wayBack.accept(sealed);
    }
}

package tirl.spa;

import java.nio.ByteBuffer;
import java.util.Optional;
import tirl.packet.Address;

/**
 * The server's sealed answer (section 8).
 *
 * @param timeMs the server's clock
 * @param counter of the packet that is answered
 * @param seconds granted, an unsigned number
 * @param observed where the packet came from
 * @param port its source port, 0 for ICMP
 */
public record Answer(Decision decision, long timeMs, long counter, int seconds, Address observed, int port) {
    private static final byte VERSION = 1;

    byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(Suite.BODY_LENGTH);
        out.put(VERSION)
                .put((byte) decision.code())
                .put((byte) decision.reason())
                .put((byte) 0)
                .putLong(timeMs)
                .putLong(counter)
                .putInt(seconds)
                .putLong(observed.high())
                .putLong(observed.low())
                .putShort((short) port);
        return out.array();
    }

    static Optional<Answer> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        Optional<Decision> decision = Decision.of(in.get(), in.get());
        byte zero = in.get();
        long timeMs = in.getLong();
        long counter = in.getLong();
        int seconds = in.getInt();
        Address observed = new Address(in.getLong(), in.getLong());
        int port = Short.toUnsignedInt(in.getShort());
        byte[] reserved = new byte[in.remaining()];
        in.get(reserved);
        return decision.filter(_ -> version == VERSION && zero == 0 && BodyCodec.isZero(reserved))
                .map(known -> new Answer(known, timeMs, counter, seconds, observed, port));
    }
}

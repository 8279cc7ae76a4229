package tirl.daemon.pgp;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One OpenPGP packet of a message, its parts joined. Messages are cut up here and not by the library, so that no length in
 * them makes it reserve more than the message has.
 */
final class Frame {
    static final int SESSION_KEY = 1;
    static final int SIGNATURE = 2;
    static final int ONE_PASS = 4;
    static final int COMPRESSED = 8;
    static final int UNPROTECTED = 9;
    static final int LITERAL = 11;
    static final int PROTECTED = 18;
    static final int AEAD = 20;

    /** A message of fwknop has three outside and four inside. */
    private static final int MOST = 12;

    private final int tag;
    private final byte[] body;

    private Frame(int tag, byte[] body) {
        this.tag = tag;
        this.body = body;
    }

    int tag() {
        return tag;
    }

    /** Not to be changed. */
    byte[] body() {
        return body;
    }

    /** The same packet with its length in four octets. */
    byte[] encoded() {
        byte[] whole = new byte[body.length + 6];
        whole[0] = (byte) (0xc0 | tag);
        whole[1] = (byte) 0xff;
        for (int i = 0; i < 4; i++) {
            whole[2 + i] = (byte) (body.length >>> (24 - 8 * i));
        }
        System.arraycopy(body, 0, whole, 6, body.length);
        return whole;
    }

    /** All packets of a message, which has to end with the last one. */
    static List<Frame> split(byte[] message) throws RefusedMessage {
        List<Frame> frames = new ArrayList<>();
        Cursor cursor = new Cursor(message);
        while (cursor.at < message.length) {
            if (frames.size() == MOST) {
                throw new RefusedMessage(PgpRefusal.FORMAT);
            }
            int head = cursor.number(1);
            if (head < 0x80) {
                throw new RefusedMessage(PgpRefusal.FORMAT);
            }
            frames.add(
                    (head & 0x40) != 0
                            ? new Frame(head & 0x3f, cursor.newBody())
                            : new Frame((head >> 2) & 0x0f, cursor.oldBody(head & 3)));
        }
        return frames;
    }

    private static final class Cursor {
        private final byte[] message;
        private int at;

        Cursor(byte[] message) {
            this.message = message;
        }

        int number(int octets) throws RefusedMessage {
            if (message.length - at < octets) {
                throw new RefusedMessage(PgpRefusal.FORMAT);
            }
            int value = 0;
            for (int i = 0; i < octets; i++) {
                value = (value << 8) | (message[at++] & 0xff);
            }
            return value;
        }

        byte[] take(int octets) throws RefusedMessage {
            if (octets < 0 || octets > message.length - at) {
                throw new RefusedMessage(PgpRefusal.FORMAT);
            }
            at += octets;
            return Arrays.copyOfRange(message, at - octets, at);
        }

        byte[] oldBody(int lengthType) throws RefusedMessage {
            return take(lengthType == 3 ? message.length - at : number(1 << lengthType));
        }

        byte[] newBody() throws RefusedMessage {
            ByteArrayOutputStream parts = new ByteArrayOutputStream();
            while (true) {
                int first = number(1);
                if (first >= 224 && first < 255) {
                    parts.writeBytes(take(1 << Math.min(first & 0x1f, 30)));
                    continue;
                }
                int length = first < 192 ? first : first < 224 ? ((first - 192) << 8) + number(1) + 192 : number(4);
                parts.writeBytes(take(length));
                return parts.toByteArray();
            }
        }
    }
}

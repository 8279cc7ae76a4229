package tirl.daemon.pgp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.bouncycastle.apache.bzip2.CBZip2InputStream;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;

/** What was encrypted: a text, and who says to have signed it. */
final class SignedText {
    /** Several times of what the longest packet holds. */
    static final int MOST = 16 * 1024;

    private final byte[] text;
    private final Optional<PGPSignature> signature;

    private SignedText(byte[] text, Optional<PGPSignature> signature) {
        this.text = text;
        this.signature = signature;
    }

    /** Not to be changed. */
    byte[] text() {
        return text;
    }

    Optional<PGPSignature> signature() {
        return signature;
    }

    /** Reads a decrypted message: literal data, signed once or not, compressed once or not. */
    static SignedText read(byte[] plain) throws RefusedMessage {
        List<Frame> frames = Frame.split(plain);
        if (frames.size() == 1 && frames.getFirst().tag() == Frame.COMPRESSED) {
            frames = Frame.split(decompressed(frames.getFirst().body()));
        }
        List<Integer> tags = frames.stream().map(Frame::tag).toList();
        if (tags.equals(List.of(Frame.LITERAL))) {
            return new SignedText(literal(frames.getFirst().body()), Optional.empty());
        }
        if (tags.equals(List.of(Frame.ONE_PASS, Frame.LITERAL, Frame.SIGNATURE))) {
            return new SignedText(literal(frames.get(1).body()), Optional.of(signature(frames.get(2))));
        }
        boolean several = tags.stream().filter(tag -> tag == Frame.SIGNATURE).count() > 1;
        throw new RefusedMessage(several ? PgpRefusal.SIGNATURES : PgpRefusal.FORMAT);
    }

    /** Format, name with its length, time, text. */
    private static byte[] literal(byte[] body) throws RefusedMessage {
        int start = body.length < 2 ? Integer.MAX_VALUE : 2 + (body[1] & 0xff) + 4;
        if (start > body.length) {
            throw new RefusedMessage(PgpRefusal.FORMAT);
        }
        return Arrays.copyOfRange(body, start, body.length);
    }

    private static byte[] decompressed(byte[] body) throws RefusedMessage {
        if (body.length == 0) {
            throw new RefusedMessage(PgpRefusal.FORMAT);
        }
        InputStream rest = new ByteArrayInputStream(body, 1, body.length - 1);
        byte[] text;
        try {
            text = switch (body[0]) {
                case 0 -> rest.readNBytes(MOST + 1);
                case 1 -> inflated(rest, true);
                case 2 -> inflated(rest, false);
                case 3 -> new CBZip2InputStream(rest).readNBytes(MOST + 1);
                default -> throw new RefusedMessage(PgpRefusal.FORMAT);
            };
        } catch (IOException | RuntimeException e) {
            // The library's bzip2 answers bad data with exceptions of all kinds.
            throw new RefusedMessage(PgpRefusal.FORMAT);
        }
        if (text.length > MOST) {
            throw new RefusedMessage(PgpRefusal.INFLATED);
        }
        return text;
    }

    private static byte[] inflated(InputStream packed, boolean raw) throws IOException {
        Inflater inflater = new Inflater(raw);
        try (InflaterInputStream unpacked = new InflaterInputStream(packed, inflater)) {
            return unpacked.readNBytes(MOST + 1);
        } finally {
            inflater.end();
        }
    }

    private static PGPSignature signature(Frame frame) throws RefusedMessage {
        byte[] body = frame.body();
        // Of the versions that there are, 3 and 4 have no length in four octets outside of subpackets.
        if (body.length < 10 || (body[0] != 3 && (body[0] != 4 || !hasSoundSubpackets(body)))) {
            throw new RefusedMessage(PgpRefusal.SIGNATURE);
        }
        try (BCPGInputStream stream = new BCPGInputStream(new ByteArrayInputStream(frame.encoded()))) {
            return new PGPSignature(stream);
        } catch (IOException | PGPException | RuntimeException e) {
            throw new RefusedMessage(PgpRefusal.SIGNATURE);
        }
    }

    /** Whether the subpackets of both areas fill them and do not reach out. */
    private static boolean hasSoundSubpackets(byte[] body) {
        int at = 4;
        for (int area = 0; area < 2; area++) {
            if (at + 2 > body.length) {
                return false;
            }
            int end = at + 2 + (((body[at] & 0xff) << 8) | (body[at + 1] & 0xff));
            at += 2;
            if (end > body.length) {
                return false;
            }
            while (at < end) {
                int first = body[at] & 0xff;
                int header = first < 192 ? 1 : 2;
                if (first == 255 || at + header >= end) {
                    return false;
                }
                int length = header == 1 ? first : ((first - 192) << 8) + (body[at + 1] & 0xff) + 192;
                if (length == 0 || length > end - at - header) {
                    return false;
                }
                at += header + length;
            }
        }
        return true;
    }
}

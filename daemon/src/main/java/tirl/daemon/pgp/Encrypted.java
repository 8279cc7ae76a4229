package tirl.daemon.pgp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyDataDecryptorFactory;

/** An encrypted message: session keys, and data whose integrity is protected. */
final class Encrypted {
    /** The longest packet is 1499 characters. */
    private static final int LONGEST = 4096;
    /** Each try is an operation with a private key, and costs milliseconds. */
    private static final int MOST_TRIES = 2;
    /** Version, key identifier, algorithm. */
    private static final int SESSION_KEY_HEADER = 10;
    /** 4 MB, gpg's largest; the library reserves that much before it decrypts. */
    private static final int LARGEST_CHUNK = 16;

    private final List<Frame> sessionKeys;
    private final Frame data;

    private Encrypted(List<Frame> sessionKeys, Frame data) {
        this.sessionKeys = List.copyOf(sessionKeys);
        this.data = data;
    }

    static Encrypted read(byte[] message) throws RefusedMessage {
        if (message.length > LONGEST) {
            throw new RefusedMessage(PgpRefusal.LONG);
        }
        List<Frame> frames = Frame.split(message);
        if (frames.size() < 2) {
            throw new RefusedMessage(PgpRefusal.FORMAT);
        }
        Frame data = frames.getLast();
        if (data.tag() == Frame.UNPROTECTED) {
            throw new RefusedMessage(PgpRefusal.UNPROTECTED);
        }
        if (!isProtected(data)) {
            throw new RefusedMessage(PgpRefusal.FORMAT);
        }
        List<Frame> keys = new ArrayList<>();
        for (Frame frame : frames.subList(0, frames.size() - 1)) {
            if (frame.tag() != Frame.SESSION_KEY || frame.body().length <= SESSION_KEY_HEADER || frame.body()[0] != 3) {
                throw new RefusedMessage(PgpRefusal.FORMAT);
            }
            keys.add(frame);
        }
        return new Encrypted(keys, data);
    }

    /** MDC of version 1, or the AEAD packet of gpg 2.3: version, cipher, mode, size of its chunks. */
    private static boolean isProtected(Frame data) {
        byte[] body = data.body();
        return switch (data.tag()) {
            case Frame.PROTECTED -> body.length > 1 && body[0] == 1;
            case Frame.AEAD -> body.length > 4 && body[0] == 1 && body[3] >= 0 && body[3] <= LARGEST_CHUNK;
            default -> false;
        };
    }

    byte[] decrypt(StanzaKeyRing ring) throws RefusedMessage {
        PgpRefusal last = PgpRefusal.RECIPIENT;
        int tries = 0;
        for (Frame sessionKey : sessionKeys) {
            for (PGPKeyPair key :
                    ring.recipients(ByteBuffer.wrap(sessionKey.body()).getLong(1))) {
                if (++tries > MOST_TRIES) {
                    throw new RefusedMessage(last);
                }
                try {
                    return decrypt(sessionKey, key);
                } catch (RefusedMessage e) {
                    last = e.why();
                } catch (PGPException | IOException | RuntimeException e) {
                    // All that strangers can put into it: the library has an exception for each.
                    last = PgpRefusal.DECRYPTION;
                }
            }
        }
        throw new RefusedMessage(last);
    }

    private byte[] decrypt(Frame sessionKey, PGPKeyPair key) throws PGPException, IOException, RefusedMessage {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(sessionKey.encoded());
        message.writeBytes(data.encoded());
        if (!(new PGPEncryptedDataList(message.toByteArray()).get(0) instanceof PGPPublicKeyEncryptedData encrypted)
                || (!encrypted.isIntegrityProtected() && !encrypted.isAEAD())) {
            throw new RefusedMessage(PgpRefusal.UNPROTECTED);
        }
        byte[] plain;
        try (InputStream stream = encrypted.getDataStream(new BcPublicKeyDataDecryptorFactory(key))) {
            plain = stream.readNBytes(LONGEST);
        }
        if (data.tag() == Frame.PROTECTED && !encrypted.verify()) {
            throw new RefusedMessage(PgpRefusal.MODIFIED);
        }
        return plain;
    }
}

package tirl.spa;

/** What a device and the server share from its invitation on; with the static keys it makes the device's keys. */
public final class EnrolmentSecret {
    /** How many bytes it has. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    public EnrolmentSecret(byte[] bytes) {
        this.bytes = Bytes.exactly(LENGTH, bytes);
    }

    /** The one that goes with the device's next key (section 9.4). */
    public EnrolmentSecret rotated(X25519PublicKey server, X25519PublicKey newDevice) {
        byte[] prk = Hkdf.extract(Bytes.label("rotate"), bytes);
        byte[] info = Bytes.join(Bytes.label("enrolment"), server.bytes(), newDevice.bytes());
        return new EnrolmentSecret(Hkdf.expand(prk, info, LENGTH));
    }

    /** A copy, for the store; the caller wipes it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public void wipe() {
        Bytes.wipe(bytes);
    }
}

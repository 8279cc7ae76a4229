package tirl.spa;

/** The secret of an invitation (section 3): both sides wipe it when the device is registered. */
public final class InvitationSecret {
    /** How many bytes it has. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    public InvitationSecret(byte[] random) {
        bytes = Bytes.exactly(LENGTH, random);
    }

    public EnrolmentSecret enrolment(X25519PublicKey server) {
        return new EnrolmentSecret(expand("enrolment", server, EnrolmentSecret.LENGTH));
    }

    public KemSeed kemSeed(X25519PublicKey server) {
        return new KemSeed(expand("ml-kem-768", server, KemSeed.LENGTH));
    }

    /** The keys of the registration packet. */
    public SharedKeys keys(X25519PublicKey server) {
        byte[] root = expand("root", server, 32);
        SharedKeys keys = SharedKeys.ofRoot(root, server, new byte[X25519PublicKey.LENGTH]);
        Bytes.wipe(root);
        return keys;
    }

    private byte[] expand(String label, X25519PublicKey server, int length) {
        byte[] prk = Hkdf.extract(Bytes.label("invitation"), bytes);
        byte[] result = Hkdf.expand(prk, Bytes.join(Bytes.label(label), server.bytes()), length);
        Bytes.wipe(prk);
        return result;
    }

    /** A copy, for the store or the URI; the caller wipes it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public void wipe() {
        Bytes.wipe(bytes);
    }
}

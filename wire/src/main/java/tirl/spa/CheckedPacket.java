package tirl.spa;

/** A packet whose check was right: only such a one is worth a key agreement. */
public final class CheckedPacket {
    private final Suite suite;
    private final SharedKeys keys;
    private final byte[] bytes;

    CheckedPacket(Suite suite, SharedKeys keys, byte[] bytes) {
        this.suite = suite;
        this.keys = keys;
        this.bytes = bytes;
    }

    public Suite suite() {
        return suite;
    }

    SharedKeys keys() {
        return keys;
    }

    byte[] bytes() {
        return bytes;
    }
}

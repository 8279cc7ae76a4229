package tirl.daemon.pgp;

/** What became of a message. */
public sealed interface PgpOutcome {
    /** Decrypted, and signed as asked for. */
    final class Opened implements PgpOutcome {
        private final byte[] text;

        Opened(byte[] text) {
            this.text = text;
        }

        /** What the sender encrypted. */
        public byte[] text() {
            return text.clone();
        }
    }

    /** Not taken. */
    record Refused(PgpRefusal why) implements PgpOutcome {}
}

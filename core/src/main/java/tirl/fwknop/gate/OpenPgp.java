package tirl.fwknop.gate;

import java.util.Optional;
import tirl.fwknop.OpenPgpMessage;
import tirl.fwknop.access.Gpg;

/** Decrypts messages with the key ring of a stanza. */
public interface OpenPgp {
    /** The text of a message; empty when it is not for this key, or not signed as the stanza asks for. */
    Optional<byte[]> decrypt(OpenPgpMessage message, Gpg gpg);
}

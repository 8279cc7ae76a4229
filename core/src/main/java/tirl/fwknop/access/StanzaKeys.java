package tirl.fwknop.access;

import java.util.Optional;
import tirl.fwknop.CipherKey;
import tirl.fwknop.HmacKey;

/** Whose packets a stanza opens; a cipher key or GnuPG is there, or both. */
public record StanzaKeys(Optional<CipherKey> cipher, Optional<HmacKey> hmac, Optional<Gpg> gpg) {}

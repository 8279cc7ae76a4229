package tirl.fwknop;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The hashes of the inner digest and of the HMAC (sections 3 and 5). Which one it was is not on the wire. */
public enum DigestType {
    MD5("md5", "MD5", "HmacMD5", 16),
    SHA1("sha1", "SHA-1", "HmacSHA1", 20),
    SHA256("sha256", "SHA-256", "HmacSHA256", 32),
    SHA384("sha384", "SHA-384", "HmacSHA384", 48),
    SHA512("sha512", "SHA-512", "HmacSHA512", 64),
    SHA3_256("sha3_256", "SHA3-256", "HmacSHA3-256", 32),
    SHA3_512("sha3_512", "SHA3-512", "HmacSHA3-512", 64);

    private static final List<DigestType> ALL = List.of(values());

    private final String text;
    private final String hash;
    private final String mac;
    private final int octets;

    DigestType(String text, String hash, String mac, int octets) {
        this.text = text;
        this.hash = hash;
        this.mac = mac;
        this.octets = octets;
    }

    /** As fwknop's files and options name it, in any case. */
    public static Optional<DigestType> named(String text) {
        return ALL.stream().filter(type -> type.text.equalsIgnoreCase(text)).findFirst();
    }

    /** The name in fwknop's files and options. */
    public String text() {
        return text;
    }

    String hash() {
        return hash;
    }

    String mac() {
        return mac;
    }

    int octets() {
        return octets;
    }

    /** Characters that it takes as base64 without padding. */
    public int characters() {
        return Base64Text.length(octets);
    }

    /** All that this digest of that text could be, told by the length; empty when none is right. */
    static Optional<DigestType> match(byte[] text, int length, String digest) {
        return Arrays.stream(values())
                .filter(type -> type.characters() == digest.length())
                .filter(type -> type.digest(text, length).equals(digest))
                .findFirst();
    }

    /** The digest of the first {@code length} bytes as base64 without padding. */
    String digest(byte[] text, int length) {
        return Base64Text.encode(Hashes.hash(hash, text, length));
    }
}

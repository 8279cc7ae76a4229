package tirl.client.fwknop;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import tirl.fwknop.CipherKey;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.Envelope;
import tirl.fwknop.HmacKey;
import tirl.fwknop.SealResult;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.SpaRequest;
import tirl.packet.Address;

/** Makes a packet of variables. */
public final class Plan {
    /** The words of ALLOW_IP that are no address. */
    public static final String SOURCE = "source";

    public static final String RESOLVE = "resolve";

    private final Values values;
    private final SecureRandom random;

    public Plan(Values values, SecureRandom random) {
        this.values = values;
        this.random = random;
    }

    /** Where this host's address comes from when it is not said. */
    @FunctionalInterface
    public interface Lookup {
        Address ask(String url) throws FwknopException;
    }

    /** A packet, and what it says. */
    public record Packet(SpaMessage message, EncryptionMode mode, Optional<DigestType> hmac, String text) {}

    /** Refuses what is said by variables that this client does not obey. */
    public void check() throws FwknopException {
        if (values.isYes(Variable.USE_GPG)
                || values.get(Variable.ENCRYPTION_MODE, "").equalsIgnoreCase("asymmetric")) {
            throw new FwknopException("this client has no GnuPG mode; use a key (--key-gen), or the original fwknop");
        }
        if (values.get(Variable.SPOOF_SOURCE_IP).isPresent()) {
            throw new FwknopException(
                    "tirl does not forge packets: --spoof-source is not there; -a says whom to let in");
        }
    }

    public Route route(Optional<String> proxy) throws FwknopException {
        return Route.of(values, proxy, random);
    }

    /** Whom it is for. */
    public Address allow(Lookup lookup) throws FwknopException {
        String text = values.get(Variable.ALLOW_IP)
                .orElseThrow(() -> new FwknopException("say whom to let in: -a ADDRESS, -s or -R"));
        return switch (text.toLowerCase(Locale.ROOT)) {
            case SOURCE -> Address.parse("0.0.0.0").orElseThrow();
            case RESOLVE ->
                lookup.ask(values.get(Variable.RESOLVE_URL)
                        .orElseThrow(() -> new FwknopException(
                                "-R asks no stranger for this host's address; name a server that answers with it: "
                                        + "--resolve-url URL, or say the address: -a")));
            default ->
                Address.parse(text)
                        .filter(address -> address.toString().equals(text))
                        .orElseThrow(() -> new FwknopException("\"" + text + "\" is no address to let in"));
        };
    }

    /**
     * The packet.
     *
     * @param command for the server to run, in place of ports
     * @param user whom the packet names
     */
    public Packet packet(Address allow, Optional<String> command, String user, Secret keys, InstantSource clock)
            throws FwknopException {
        SpaRequest request = command.isPresent()
                ? new SpaRequest.Command(allow, command.get())
                : Requests.access(values, allow, random);
        EncryptionMode mode = mode();
        Optional<HmacKey> hmac = keys.hmac().isEmpty()
                ? Optional.empty()
                : Optional.of(hmacKey(keys.hmac().get()));
        if (mode == EncryptionMode.LEGACY && hmac.isPresent()) {
            throw new FwknopException("the mode legacy goes with no HMAC: servers that know it know none");
        }
        CipherKey key = cipherKey(keys.cipher(), mode);
        if (hmac.filter(key::isSameSecret).isPresent()) {
            throw new FwknopException("the key and the HMAC key are the same; fwknopd takes none of such a pair");
        }
        long offset = TimeOffset.parse(values.get(Variable.TIME_OFFSET, "0"));
        SpaMessage message = new SpaMessage(
                digits(),
                user,
                clock.instant().getEpochSecond() + offset,
                SpaMessage.CURRENT_VERSION,
                request,
                Optional.empty(),
                digest(Variable.DIGEST_TYPE));
        byte[] salt = new byte[Envelope.SALT];
        random.nextBytes(salt);
        return switch (Envelope.seal(message, key, hmac, salt)) {
            case SealResult.Sealed(String text) -> new Packet(message, mode, hmac.map(HmacKey::type), text);
            case SealResult.Unsendable(String why) -> throw new FwknopException("no fwknopd would take it: " + why);
        };
    }

    /** Uniform, unlike those of fwknop, which have 32 bits of chance in them. */
    private String digits() {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    public DigestType digest(Variable variable) throws FwknopException {
        String name = values.get(variable, DigestType.SHA256.text());
        return DigestType.named(name)
                .orElseThrow(() -> new FwknopException("there is no digest " + name
                        + "; use md5, sha1, sha256, sha384, sha512, sha3_256 or sha3_512"));
    }

    private EncryptionMode mode() throws FwknopException {
        String name = values.get(Variable.ENCRYPTION_MODE, EncryptionMode.CBC.text());
        return EncryptionMode.named(name)
                .orElseThrow(() -> new FwknopException(
                        "there is no encryption mode " + name + "; use CBC, ECB, CFB, OFB, CTR or legacy"));
    }

    private HmacKey hmacKey(byte[] bytes) throws FwknopException {
        try {
            return new HmacKey(bytes, digest(Variable.HMAC_DIGEST_TYPE));
        } catch (IllegalArgumentException e) {
            throw new FwknopException(String.valueOf(e.getMessage()));
        }
    }

    private static CipherKey cipherKey(byte[] bytes, EncryptionMode mode) throws FwknopException {
        try {
            return new CipherKey(bytes, mode);
        } catch (IllegalArgumentException e) {
            throw new FwknopException(String.valueOf(e.getMessage()));
        }
    }
}

package tirl.client.fwknop;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tirl.fwknop.CipherKey;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.Envelope;
import tirl.fwknop.HmacKey;
import tirl.fwknop.OpenPgpEnvelope;
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

    /**
     * A packet, and what it says.
     *
     * @param mode empty with GnuPG
     * @param notes for the user, about servers that will not take it
     */
    public record Packet(
            SpaMessage message,
            Optional<EncryptionMode> mode,
            Optional<DigestType> hmac,
            String text,
            List<String> notes) {
        public Packet {
            notes = List.copyOf(notes);
        }
    }

    /** Refuses what is said by variables that this client does not obey. */
    public void check() throws FwknopException {
        if (!Gnupg.isWanted(values)
                && values.get(Variable.ENCRYPTION_MODE).filter(Gnupg::isItsMode).isPresent()) {
            throw new FwknopException(
                    "Asymmetric is the mode of GnuPG; say -g, and whose key to encrypt to: --gpg-recipient-key KEY");
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
                .or(() -> isResolving() ? Optional.of(RESOLVE) : Optional.empty())
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

    private boolean isResolving() {
        return values.get(Variable.RESOLVE_URL).isPresent()
                || Stream.of(Variable.RESOLVE_IP_HTTPS, Variable.RESOLVE_IP_HTTP, Variable.RESOLVE_HTTP_ONLY)
                        .anyMatch(values::isYes);
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
        Optional<HmacKey> hmac = keys.hmac().isEmpty()
                ? Optional.empty()
                : Optional.of(hmacKey(keys.hmac().get()));
        if (keys.cipher().isPresent()
                && keys.hmac().isPresent()
                && MessageDigest.isEqual(keys.cipher().get(), keys.hmac().get())) {
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
        return Gnupg.isWanted(values) ? asymmetric(message, keys, hmac) : symmetric(message, keys, hmac);
    }

    private Packet symmetric(SpaMessage message, Secret keys, Optional<HmacKey> hmac) throws FwknopException {
        EncryptionMode mode = mode();
        if (mode == EncryptionMode.LEGACY && hmac.isPresent()) {
            throw new FwknopException("the mode legacy goes with no HMAC: servers that know it know none");
        }
        CipherKey key = cipherKey(keys.cipher().orElseThrow(() -> new FwknopException("there is no key")), mode);
        byte[] salt = new byte[Envelope.SALT];
        random.nextBytes(salt);
        String text = sealed(Envelope.seal(message, key, hmac, salt));
        return new Packet(message, Optional.of(mode), hmac.map(HmacKey::type), text, List.of());
    }

    private Packet asymmetric(SpaMessage message, Secret keys, Optional<HmacKey> hmac) throws FwknopException {
        Gnupg gnupg = Gnupg.of(values, keys.cipher());
        List<String> notes = new ArrayList<>();
        OpenPgpEnvelope.Encryption<FwknopException> encryption = plain -> {
            byte[] encrypted = gnupg.encrypt(plain);
            if (!OpenPgpEnvelope.isForFwknopd(encrypted)) {
                notes.add(
                        "fwknopd reads messages to RSA keys of 2048 bits and more only; a tirl server reads this one");
            }
            return encrypted;
        };
        String text = sealed(OpenPgpEnvelope.seal(message, encryption, hmac));
        return new Packet(message, Optional.empty(), hmac.map(HmacKey::type), text, notes);
    }

    private static String sealed(SealResult result) throws FwknopException {
        return switch (result) {
            case SealResult.Sealed(String text) -> text;
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

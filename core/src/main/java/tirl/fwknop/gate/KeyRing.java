package tirl.fwknop.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tirl.fwknop.Candidate;
import tirl.fwknop.CipherKey;
import tirl.fwknop.Ciphertext;
import tirl.fwknop.HmacKey;
import tirl.fwknop.MessageCodec;
import tirl.fwknop.MessageResult;
import tirl.fwknop.OpenPgpMessage;
import tirl.fwknop.ReplayDigest;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.access.Gpg;
import tirl.fwknop.access.Stanza;
import tirl.fwknop.access.StanzaKeys;

/**
 * The distinct keys of all stanzas. A packet meets each of them once at most, however many stanzas share it, and only
 * when a stanza that would take the packet asks.
 */
final class KeyRing {
    private static final Opened NOTHING = new Opened(Optional.empty());

    /** What a key found. */
    record Opened(Optional<Content> content) {}

    /** A message and what names it in the replay store. */
    record Content(SpaMessage message, ReplayDigest digest) {}

    private final Optional<OpenPgp> openPgp;
    private final List<HmacKey> hmacs = new ArrayList<>();
    private final List<StanzaKeys> pairs = new ArrayList<>();
    /** By stanza: which of {@link #pairs} it has. */
    private final int[] pairOf;
    /** By pair: which of {@link #hmacs}, -1 for none. */
    private final int[] hmacOf;

    private final int[] tagLengths;
    private final boolean anyOpenPgp;

    private final @Nullable Boolean[] tagged;
    private final @Nullable Opened[] opened;
    /** By the length of the tag before which it ends. */
    private final Map<Integer, Optional<Ciphertext>> ciphertexts = new HashMap<>();

    private final Candidate candidate = new Candidate();

    KeyRing(List<Stanza> stanzas, Optional<OpenPgp> openPgp) {
        this.openPgp = openPgp;
        Map<HmacKey, Integer> hmacNumbers = new LinkedHashMap<>();
        Map<StanzaKeys, Integer> pairNumbers = new LinkedHashMap<>();
        pairOf = new int[stanzas.size()];
        for (int i = 0; i < pairOf.length; i++) {
            StanzaKeys keys = stanzas.get(i).keys();
            pairOf[i] = pairNumbers.computeIfAbsent(keys, _ -> {
                pairs.add(keys);
                return pairs.size() - 1;
            });
        }
        hmacOf = new int[pairs.size()];
        for (int i = 0; i < hmacOf.length; i++) {
            Optional<HmacKey> hmac = pairs.get(i).hmac();
            hmacOf[i] = hmac.isEmpty()
                    ? -1
                    : hmacNumbers.computeIfAbsent(hmac.get(), key -> {
                        hmacs.add(key);
                        return hmacs.size() - 1;
                    });
        }
        tagLengths = IntStream.of(hmacOf)
                .map(hmac -> hmac < 0 ? 0 : hmacs.get(hmac).type().characters())
                .distinct()
                .toArray();
        anyOpenPgp = openPgp.isPresent()
                && pairs.stream().anyMatch(keys -> keys.gpg().isPresent());
        tagged = new Boolean[hmacs.size()];
        opened = new Opened[pairs.size()];
    }

    Candidate candidate() {
        return candidate;
    }

    /** How many keys a packet meets at most. */
    int size() {
        return opened.length;
    }

    /** Whether the candidate has the shape that any of the keys would make, so that no stanza need be asked about the rest. */
    boolean maybeOurs() {
        if (anyOpenPgp) {
            return true;
        }
        for (int tagLength : tagLengths) {
            if (candidate.fits(tagLength)) {
                return true;
            }
        }
        return false;
    }

    /** Forgets what was found out about the packet before. */
    void reset() {
        Arrays.fill(tagged, null);
        Arrays.fill(opened, null);
        ciphertexts.clear();
    }

    /** What the keys of a stanza make of the candidate. */
    Opened open(int stanza) {
        int pair = pairOf[stanza];
        Opened found = opened[pair];
        if (found == null) {
            found = open(pairs.get(pair), hmacOf[pair]);
            opened[pair] = found;
        }
        return found;
    }

    private Opened open(StanzaKeys keys, int hmac) {
        Opened found = NOTHING;
        if (keys.cipher().isPresent() && (hmac < 0 ? candidate.fits(0) : isTagged(hmac))) {
            int tagLength = hmac < 0 ? 0 : hmacs.get(hmac).type().characters();
            found = decrypt(keys.cipher().get(), tagLength);
        }
        if (found.content().isEmpty() && keys.gpg().isPresent() && openPgp.isPresent()) {
            found = decrypt(openPgp.get(), keys.gpg().get(), keys.hmac());
        }
        return found;
    }

    private boolean isTagged(int hmac) {
        Boolean known = tagged[hmac];
        if (known == null) {
            known = candidate.isTagged(hmacs.get(hmac));
            tagged[hmac] = known;
        }
        return known;
    }

    private Opened decrypt(CipherKey key, int tagLength) {
        Optional<Ciphertext> ciphertext = ciphertexts.computeIfAbsent(tagLength, candidate::ciphertext);
        if (ciphertext.isEmpty()) {
            return NOTHING;
        }
        return switch (ciphertext.get().open(key)) {
            case MessageResult.Refused _ -> NOTHING;
            case MessageResult.Decoded(SpaMessage message) ->
                new Opened(Optional.of(new Content(message, ciphertext.get().digest())));
        };
    }

    private Opened decrypt(OpenPgp openPgp, Gpg gpg, Optional<HmacKey> hmac) {
        Optional<OpenPgpMessage> message = candidate.openPgp(hmac);
        Optional<byte[]> plain = message.flatMap(encrypted -> openPgp.decrypt(encrypted, gpg));
        if (plain.isEmpty()) {
            return NOTHING;
        }
        return switch (MessageCodec.decode(plain.get())) {
            case MessageResult.Refused _ -> NOTHING;
            case MessageResult.Decoded(SpaMessage read) ->
                new Opened(Optional.of(new Content(read, message.get().digest())));
        };
    }
}

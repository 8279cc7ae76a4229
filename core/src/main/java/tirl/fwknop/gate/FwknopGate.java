package tirl.fwknop.gate;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLongArray;
import tirl.fwknop.Candidate;
import tirl.fwknop.HttpCarrier;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.access.FwknopdConf;
import tirl.fwknop.access.FwknopdVariable;
import tirl.fwknop.access.Networks;
import tirl.fwknop.access.Stanza;
import tirl.packet.Address;

/**
 * Decides on packets. Cheapest first: shape, addresses, then one HMAC for each distinct key, and only what that lets pass
 * is decrypted. Packets are decided by one thread; a changed configuration is a new gate.
 */
public final class FwknopGate {
    /** Some 30 us of HMACs. */
    private static final int FEW_KEYS = 32;

    private static final Decision.Ignored[] IGNORED = ignored();

    private final List<Stanza> stanzas;
    private final FwknopdConf conf;
    private final Networks proxies;
    private final KeyRing keys;
    private final Judge judge;
    private final boolean openPgp;
    /** Read by other threads. */
    private final AtomicLongArray counts = new AtomicLongArray(IGNORED.length);

    /**
     * A gate for these stanzas.
     *
     * @param proxies whose X-Forwarded-For header is believed, when the configuration says so at all
     * @param openPgp empty where there is no GnuPG: its stanzas take nothing
     */
    public FwknopGate(List<Stanza> stanzas, FwknopdConf conf, Networks proxies, Optional<OpenPgp> openPgp) {
        this.stanzas = List.copyOf(stanzas);
        this.conf = conf;
        this.proxies = proxies;
        keys = new KeyRing(this.stanzas, openPgp);
        judge = new Judge(conf);
        this.openPgp = openPgp.isPresent();
    }

    /** Whether a payload that begins like this may be one. Any thread, and cheap. */
    public boolean maybe(long firstEight) {
        boolean maybe = Candidate.maybe(firstEight, openPgp);
        if (!maybe) {
            Decision _ = ignored(Dismissal.NO_PACKET);
        }
        return maybe;
    }

    /** Whether no packet takes long to decide: few keys, and no private key of GnuPG's. */
    public boolean isQuick() {
        return !openPgp && keys.size() <= FEW_KEYS;
    }

    /** Looks at the payload of a datagram, an echo, or the first bytes of a connection. */
    public Decision decide(byte[] payload, Address source, Address destination, long nowSeconds) {
        if (!HttpCarrier.isRequest(payload)) {
            return datagram(payload, source, destination, nowSeconds);
        }
        Optional<HttpCarrier.Request> request =
                conf.is(FwknopdVariable.ENABLE_SPA_OVER_HTTP) ? HttpCarrier.read(payload) : Optional.empty();
        if (request.isEmpty()) {
            return ignored(Dismissal.NO_HTTP);
        }
        if (!request.get().isFromFwknop() && !conf.is(FwknopdVariable.ALLOW_ANY_USER_AGENT)) {
            return ignored(Dismissal.AGENT);
        }
        return datagram(request.get().payload(), client(request.get(), source), destination, nowSeconds);
    }

    private Address client(HttpCarrier.Request request, Address source) {
        if (!conf.is(FwknopdVariable.ENABLE_X_FORWARDED_FOR) || !proxies.contains(source)) {
            return source;
        }
        // A proxy appends whom it saw; what stands before may have come with the request.
        return request.forwardedFor()
                .map(header -> header.substring(header.lastIndexOf(',') + 1).strip())
                .flatMap(Address::parse)
                .orElse(source);
    }

    private Decision datagram(byte[] payload, Address source, Address destination, long nowSeconds) {
        if (keys.candidate().take(payload).isPresent()) {
            return ignored(Dismissal.NO_PACKET);
        }
        if (!keys.maybeOurs()) {
            return ignored(Dismissal.KEYS);
        }
        keys.reset();
        Optional<Decision> denied = Optional.empty();
        boolean anyStanza = false;
        for (int i = 0; i < stanzas.size(); i++) {
            Stanza stanza = stanzas.get(i);
            if (!stanza.source().contains(source) || !stanza.destination().contains(destination)) {
                continue;
            }
            anyStanza = true;
            Optional<KeyRing.Content> content = keys.open(i).content();
            if (content.isEmpty()) {
                continue;
            }
            Decision.Identity identity = identity(content.get());
            SpaMessage message = content.get().message();
            switch (judge.rule(stanza, message, source, destination, nowSeconds)) {
                case Ruling.Allowed(Action action) -> {
                    return new Decision.Granted(identity, stanza, message, action);
                }
                case Ruling.Refused(DenyReason why) -> {
                    if (denied.isEmpty()) {
                        denied = Optional.of(new Decision.Denied(identity, stanza, message, why));
                    }
                }
            }
        }
        Dismissal why = anyStanza ? Dismissal.KEYS : Dismissal.SOURCE;
        return denied.orElseGet(() -> ignored(why));
    }

    private Decision.Identity identity(KeyRing.Content content) {
        OptionalInt age = conf.mostAgeSeconds();
        return new Decision.Identity(
                List.of(content.digest(), keys.candidate().cacheName()),
                age.isPresent() ? content.message().timeSeconds() + age.getAsInt() : Long.MAX_VALUE);
    }

    /** How many packets ended like this. */
    @SuppressWarnings("EnumOrdinal") // a counter per reason without a map look-up per packet
    public long count(Dismissal why) {
        return counts.get(why.ordinal());
    }

    @SuppressWarnings("EnumOrdinal")
    private Decision.Ignored ignored(Dismissal why) {
        counts.incrementAndGet(why.ordinal());
        return IGNORED[why.ordinal()];
    }

    private static Decision.Ignored[] ignored() {
        Dismissal[] all = Dismissal.values();
        Decision.Ignored[] ignored = new Decision.Ignored[all.length];
        for (int i = 0; i < all.length; i++) {
            ignored[i] = new Decision.Ignored(all[i]);
        }
        return ignored;
    }
}

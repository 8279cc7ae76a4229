package tirl.spa.gate;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.spa.Body;
import tirl.spa.CheckedPacket;
import tirl.spa.GateKeys;
import tirl.spa.OpenResult;
import tirl.spa.Opener;
import tirl.spa.Refusal;
import tirl.spa.Suite;

/**
 * Steps 1 to 8 of the receiver, cheapest first. Garbage costs a length and a probe and allocates nothing. Used by the
 * decision thread alone; a new table may be made elsewhere and is handed over with {@link #use}.
 */
public final class SpaGate {
    private final PeerBook peers;
    private final Budget budget;
    private final long[] refused = new long[Refusal.values().length];
    /** Tokens of packets whose key agreement is not done yet. */
    private final Set<Long> underWay = new HashSet<>();

    private long skewMs;
    private TokenTable table;
    private final long startMs;
    private long floorMs;
    private long firstOffsetMs;
    private boolean clockSeen;
    private long epoch;
    private long admitted;

    /**
     * How strict it is.
     *
     * @param startMs the wall clock when the server started: nothing older is believed (boot floor)
     * @param skewMs how far a device's clock may be off
     * @param agreementsPerSecond key agreements of all peers together
     */
    public record Settings(long startMs, long skewMs, int agreementsPerSecond) {
        /** The defaults of the document. */
        public static Settings at(long startMs) {
            return new Settings(startMs, 90_000, 10_000);
        }
    }

    /** A gate that knows the peers' tokens while {@code nowMs} is in the current epoch. */
    public SpaGate(PeerBook peers, Settings settings, long nowMs, long hashKey) {
        this.peers = peers;
        skewMs = settings.skewMs();
        budget = new Budget(settings.agreementsPerSecond(), 1_000_000_000L / settings.agreementsPerSecond());
        startMs = settings.startMs();
        floorMs = startMs;
        PeerBook.EpochTable first = peers.table(GateKeys.epochOf(nowMs), hashKey);
        epoch = first.epoch();
        table = first.tokens();
    }

    /** From now on a device's clock may be off by this much. */
    public void skewMs(long other) {
        skewMs = other;
    }

    /**
     * To be told about once a second. A clock that is set takes the boot floor along: it stays the moment of the start, told by the
     * clock as it is now. Else an hour too much at the start would shut everybody out for an hour once it is mended.
     *
     * @param nowNs a monotonic clock, by which it is seen that the other one was set
     */
    public void clockIs(long nowMs, long nowNs) {
        long offsetMs = nowMs - nowNs / 1_000_000;
        if (!clockSeen) {
            clockSeen = true;
            firstOffsetMs = offsetMs;
        }
        floorMs = startMs + offsetMs - firstOffsetMs;
    }

    /** The epoch that the table is for. When the clock is in another one it is time to make the next table. */
    public long epoch() {
        return epoch;
    }

    /**
     * Goes over to a table made by {@link PeerBook#table}, perhaps of a copy of the book. Consumed tokens stay consumed,
     * and who came meanwhile is added.
     */
    public void use(PeerBook.EpochTable next) {
        for (int number = next.numbers(); number < peers.numbers(); number++) {
            peers.addTokens(next.tokens(), number, next.epoch());
        }
        next.tokens().inherit(table);
        table = next.tokens();
        epoch = next.epoch();
    }

    /** A new device or invitation, at once; gives its number. */
    public int add(Peer peer) {
        int number = peers.add(peer);
        peers.addTokens(table, number, epoch);
        return number;
    }

    /** Gives a peer another name or other rules, if it is there. What it sent before stays used. */
    public void change(int number, String name, boolean hybridOnly) {
        Peer peer = number < 0 ? null : peers.peer(number);
        if (peer != null) {
            peers.replace(number, peer.with(name, hybridOnly));
        }
    }

    /** Revokes, at once: what it sends from now on is noise. Its keys are wiped. */
    public void remove(int number) {
        Peer peer = peers.peer(number);
        if (peer != null) {
            peers.remove(number);
            peer.keys().wipe();
        }
    }

    /**
     * All of it at once, key agreement included.
     *
     * @param nowNs a monotonic clock, for the budgets
     * @param nowMs the wall clock
     * @return empty for packets without a live token
     */
    public Optional<Admission> on(Packet packet, long nowNs, long nowMs) {
        Optional<Look> look = look(packet, nowNs);
        if (look.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (look.get()) {
                    case Look.Refused(var refused) -> refused;
                    case Look.Agreement agreement -> finish(agreement, agreement.open(), nowMs);
                });
    }

    /**
     * Looks at a packet of a carrier: steps 1 to 4, which are cheap.
     *
     * @param nowNs a monotonic clock, for the budgets
     * @return empty for packets without a live token; an agreement has to come back, to {@link #finish} or {@link #drop}
     */
    public Optional<Look> look(Packet packet, long nowNs) {
        int length = packet.payloadCaptured();
        if (length != packet.payloadLength() || !Suite.isLength(length)) {
            count(Refusal.LENGTH);
            return Optional.empty();
        }
        long token = packet.payloadLong(0);
        int number = table.peer(token);
        Peer peer = number == TokenTable.NONE ? null : peers.peer(number);
        if (peer == null) {
            count(Refusal.TOKEN);
            return Optional.empty();
        }
        return Optional.of(check(packet, token, number, peer, nowNs));
    }

    private Look check(Packet packet, long token, int number, Peer peer, long nowNs) {
        byte[] payload = packet.payload();
        Address source = packet.source();
        Optional<CheckedPacket> checked = Opener.check(payload, peer.keys());
        if (checked.isEmpty()) {
            return new Look.Refused(refuse(source, peer, Refusal.CHECK));
        }
        if (peer.hybridOnly() && checked.get().suite() != Suite.H) {
            return new Look.Refused(refuse(source, peer, Refusal.LENGTH));
        }
        if (underWay.contains(token)) {
            // A copy, as nobody else makes a right check; the first one will use the token up.
            return new Look.Refused(refuse(source, peer, Refusal.TOKEN));
        }
        if (!peer.budget().has(nowNs) || !budget.has(nowNs)) {
            return new Look.Refused(refuse(source, peer, Refusal.BUDGET));
        }
        peer.budget().take(nowNs);
        budget.take(nowNs);
        underWay.add(token);
        return new Look.Agreement(token, number, peer, checked.get(), source, packet.sourcePort());
    }

    /** Takes an agreement back that nobody has time for: as if its packet had been lost on the way. */
    public Admission.Refused drop(Look.Agreement agreement) {
        underWay.remove(agreement.token());
        return refuse(agreement.source(), agreement.peer(), Refusal.BUSY);
    }

    /**
     * Steps 5 to 8, in the order of the packets.
     *
     * @param result of the agreement
     * @param nowMs the wall clock
     */
    public Admission finish(Look.Agreement agreement, OpenResult result, long nowMs) {
        underWay.remove(agreement.token());
        Peer peer = peers.peer(agreement.number());
        boolean gone = peer == null || !peer.isSame(agreement.peer());
        if (peer == null || gone || table.peer(agreement.token()) != agreement.number()) {
            // Revoked meanwhile, or its epoch is over.
            return refuse(agreement.source(), agreement.peer(), Refusal.TOKEN);
        }
        return switch (result) {
            case OpenResult.Refused(var reason) -> {
                if (reason == Refusal.BODY) {
                    table.consume(agreement.token());
                }
                yield refuse(agreement.source(), peer, reason);
            }
            case OpenResult.Opened opened -> {
                table.consume(agreement.token());
                yield judge(agreement, peer, opened, nowMs);
            }
        };
    }

    /** From here on the packet is the peer's own. */
    private Admission judge(Look.Agreement agreement, Peer peer, OpenResult.Opened opened, long nowMs) {
        Body body = opened.body();
        Address source = agreement.source();
        if (body instanceof Body.Register != peer.isInvitation()) {
            opened.answerKey().wipe();
            return refuse(source, peer, Refusal.BODY);
        }
        boolean isNew = peer.window().isNew(body.header().counter());
        Optional<Refusal> untimely = untimely(body.header().timeMs(), nowMs);
        // A late copy of a packet, after a restart say, must not get a second answer.
        if (untimely.isPresent() && isNew) {
            count(untimely.get());
            return new Admission.Untimely(
                    agreement.number(), peer, body, untimely.get(), opened.answerKey(), source, agreement.port());
        }
        if (!isNew) {
            opened.answerKey().wipe();
            return refuse(source, peer, untimely.orElse(Refusal.REPLAY));
        }
        peer.window().accept(body.header().counter());
        admitted++;
        return new Admission.Admitted(agreement.number(), peer, body, opened.answerKey(), source, agreement.port());
    }

    private Optional<Refusal> untimely(long timeMs, long nowMs) {
        if (nowMs - timeMs > skewMs) {
            return Optional.of(Refusal.STALE);
        }
        if (timeMs - nowMs > skewMs) {
            return Optional.of(Refusal.FUTURE);
        }
        return timeMs < floorMs ? Optional.of(Refusal.BEFORE_START) : Optional.empty();
    }

    private Admission.Refused refuse(Address source, Peer peer, Refusal reason) {
        count(reason);
        return new Admission.Refused(peer, reason, source);
    }

    @SuppressWarnings("EnumOrdinal") // a counter per reason without a map look-up per packet
    private void count(Refusal reason) {
        refused[reason.ordinal()]++;
    }

    /** How many packets ended at this step. */
    @SuppressWarnings("EnumOrdinal")
    public long refused(Refusal reason) {
        return refused[reason.ordinal()];
    }

    public long admitted() {
        return admitted;
    }
}

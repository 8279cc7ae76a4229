package tirl.spa.gate;

import java.util.Optional;
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
            return new Settings(startMs, 90_000, 1000);
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
     * Looks at a packet of a carrier.
     *
     * @param nowNs a monotonic clock, for the budgets
     * @param nowMs the wall clock
     * @return empty for packets without a live token
     */
    public Optional<Admission> on(Packet packet, long nowNs, long nowMs) {
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
        return Optional.of(authenticate(packet, token, number, peer, nowNs, nowMs));
    }

    private Admission authenticate(Packet packet, long token, int number, Peer peer, long nowNs, long nowMs) {
        byte[] payload = packet.payload();
        Optional<CheckedPacket> checked = Opener.check(payload, peer.keys());
        if (checked.isEmpty()) {
            return refuse(packet, peer, Refusal.CHECK);
        }
        if (peer.hybridOnly() && checked.get().suite() != Suite.H) {
            return refuse(packet, peer, Refusal.LENGTH);
        }
        if (!peer.budget().has(nowNs) || !budget.has(nowNs)) {
            return refuse(packet, peer, Refusal.BUDGET);
        }
        peer.budget().take(nowNs);
        budget.take(nowNs);
        return switch (Opener.open(checked.get(), peer.server(), peer.seed())) {
            case OpenResult.Refused(var reason) -> {
                if (reason == Refusal.BODY) {
                    table.consume(token);
                }
                yield refuse(packet, peer, reason);
            }
            case OpenResult.Opened opened -> {
                table.consume(token);
                yield judge(packet, number, peer, opened, nowMs);
            }
        };
    }

    /** From here on the packet is the peer's own. */
    private Admission judge(Packet packet, int number, Peer peer, OpenResult.Opened opened, long nowMs) {
        Body body = opened.body();
        if (body instanceof Body.Register != peer.isInvitation()) {
            opened.answerKey().wipe();
            return refuse(packet, peer, Refusal.BODY);
        }
        boolean isNew = peer.window().isNew(body.header().counter());
        Optional<Refusal> untimely = untimely(body.header().timeMs(), nowMs);
        // A late copy of a packet, after a restart say, must not get a second answer.
        if (untimely.isPresent() && isNew) {
            count(untimely.get());
            return new Admission.Untimely(
                    number, peer, body, untimely.get(), opened.answerKey(), packet.source(), packet.sourcePort());
        }
        if (!isNew) {
            opened.answerKey().wipe();
            return refuse(packet, peer, untimely.orElse(Refusal.REPLAY));
        }
        peer.window().accept(body.header().counter());
        admitted++;
        return new Admission.Admitted(number, peer, body, opened.answerKey(), packet.source(), packet.sourcePort());
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

    private Admission.Refused refuse(Packet packet, Peer peer, Refusal reason) {
        count(reason);
        return new Admission.Refused(peer, reason, packet.source());
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

package tirl.recognise;

import java.util.BitSet;
import java.util.List;
import tirl.config.Config;
import tirl.door.Door;
import tirl.door.ServicePort;
import tirl.packet.Packet;
import tirl.packet.Transport;

/**
 * Recognises plain sequences: a door opens when the latest touches of a source are exactly its sequence, the first of
 * them no longer ago than the door allows. Sources never influence each other.
 *
 * <p>All prefixes of sequences that a source's latest touches make up are followed at once, so a knock that spoils one
 * sequence may begin another, and a sequence that is the beginning of a longer one opens both.
 */
public final class SequenceRecogniser implements Recogniser {
    /**
     * Prefixes of one source that are followed at once, so that a source costs little. A configuration needs more only with doors that
     * repeat themselves at length, or one another's middles: {@link #prefixesAtOnce} tells.
     */
    public static final int MAX_PREFIXES = 8;
    /**
     * Beside a node: a repeat of its knock has also been the next knock of some sequence, which goes on in a prefix of its own. The
     * others still take it for a repeat.
     */
    private static final int SPLIT = 1 << 30;
    /** Work that one call to {@link #expire} may do. */
    private static final int EXPIRE_BATCH = 1024;

    private final SequenceTree tree;
    private final AttemptTable attempts;
    private final BitSet listed;
    private final BitSet guarded;

    // The prefixes of the packet at hand, reused: the decision thread is alone here.
    private final int[] nodes;
    private final long[] starts;
    private int reached;
    private int deepest;

    /**
     * @param hashKey a secret random number
     */
    public SequenceRecogniser(Config config, long hashKey) {
        this(config.doors(), guardedSymbols(config), config.limits().halfDone(), hashKey);
    }

    private SequenceRecogniser(List<Door> doors, BitSet guarded, int capacity, long hashKey) {
        tree = new SequenceTree(doors);
        listed = tree.listed();
        this.guarded = guarded;
        this.guarded.or(listed);
        int slots = Math.clamp(tree.mostAtOnce(), 1, MAX_PREFIXES);
        attempts = new AttemptTable(capacity, slots, hashKey);
        nodes = new int[slots];
        starts = new long[slots];
    }

    /** The most prefixes of these doors' sequences that one source can be in at once. */
    public static int prefixesAtOnce(List<Door> doors) {
        return new SequenceTree(doors).mostAtOnce();
    }

    /** Everything in the guarded range but what is open to everyone or guarded: a client may try the service itself. */
    private static BitSet guardedSymbols(Config config) {
        BitSet symbols = new BitSet(Symbol.COUNT);
        Config.PortRange range = config.guardedRange();
        symbols.set(Symbol.TCP | range.first(), (Symbol.TCP | range.last()) + 1);
        symbols.set(Symbol.UDP | range.first(), (Symbol.UDP | range.last()) + 1);
        symbols.set(Symbol.UDP + (1 << 16), Symbol.COUNT); // echo of every size
        config.publicPorts().forEach(port -> symbols.clear(symbol(port)));
        config.services().forEach(service -> service.ports().forEach(port -> symbols.clear(symbol(port))));
        return symbols;
    }

    private static int symbol(ServicePort port) {
        return (port.transport() == Transport.TCP ? Symbol.TCP : Symbol.UDP) | port.port();
    }

    @Override
    public int halfDone() {
        return attempts.size();
    }

    @Override
    public void on(Packet packet, long nowNs, RecognitionSink sink) {
        int exact = Symbol.exact(packet);
        if (exact == Symbol.NONE) {
            return;
        }
        int anySize = Symbol.anySize(packet);
        reached = 0;
        deepest = 0;
        int entry = attempts.find(packet.sourceHigh(), packet.sourceLow());
        if (entry != AttemptTable.NONE) {
            follow(entry, packet, exact, anySize, nowNs, sink);
        }
        begin(packet, exact, anySize, nowNs, sink);
        if (entry != AttemptTable.NONE || reached > 0) {
            remember(entry, packet, sink);
        }
    }

    /** Carries each prefix that the source was in over this packet. */
    private void follow(int entry, Packet packet, int exact, int anySize, long nowNs, RecognitionSink sink) {
        for (int slot = 0; slot < attempts.slots() && attempts.node(entry, slot) != AttemptTable.NONE; slot++) {
            int prefix = attempts.node(entry, slot);
            long startNs = attempts.start(entry, slot);
            SequenceTree.Node node = node(prefix);
            TouchRule rule = tree.rules().get(node.rule());
            if (nowNs - startNs > node.longestNs()) {
                reject(packet, prefix, RejectReason.TOO_SLOW, sink);
                continue;
            }
            if (!rule.touches(packet, exact, anySize, touchable(rule))) {
                keep(prefix, startNs);
                continue;
            }
            boolean fits = rule.fits(packet);
            boolean repeat = fits && rule.tolerateRepeat() && (node.symbol() == exact || node.symbol() == anySize);
            boolean split = repeat && (prefix & SPLIT) != 0;
            int moved = 0;
            // What an earlier repeat has done is not done again: a door that opened by it would open twice.
            if (fits && !(split && node.symbol() == exact)) {
                moved += advance(prefix & ~SPLIT, exact, startNs, packet, nowNs, sink);
            }
            if (fits && !split) {
                moved += advance(prefix & ~SPLIT, anySize, startNs, packet, nowNs, sink);
            }
            if (repeat && moved < node.ways()) {
                keep(moved > 0 ? prefix | SPLIT : prefix, startNs);
            } else if (moved == 0) {
                reject(packet, prefix, RejectReason.WRONG_KNOCK, sink);
            }
        }
    }

    private void begin(Packet packet, int exact, int anySize, long nowNs, RecognitionSink sink) {
        List<TouchRule> rules = tree.rules();
        for (int root = 0; root < rules.size(); root++) {
            if (rules.get(root).fits(packet)) {
                advance(root, exact, nowNs, packet, nowNs, sink);
                advance(root, anySize, nowNs, packet, nowNs, sink);
            }
        }
    }

    private BitSet touchable(TouchRule rule) {
        return rule.strict() ? guarded : listed;
    }

    private int advance(int from, int symbol, long startNs, Packet packet, long nowNs, RecognitionSink sink) {
        int index = tree.child(from, symbol);
        if (index == EdgeTable.NONE) {
            return 0;
        }
        SequenceTree.Node node = tree.node(index);
        sink.accept(packet.sourceHigh(), packet.sourceLow(), node.advanced());
        for (Door door : node.opens()) {
            if (nowNs - startNs <= door.within().toNanos()) {
                sink.accept(packet.sourceHigh(), packet.sourceLow(), new Recognition.Recognised(door));
            } else {
                reject(packet, index, RejectReason.TOO_SLOW, sink);
            }
        }
        if (!node.leaf()) {
            keep(index, startNs);
        }
        return 1;
    }

    private void keep(int prefix, long startNs) {
        for (int i = 0; i < reached; i++) {
            if (((nodes[i] ^ prefix) & ~SPLIT) == 0) {
                // A repeated first knock is both a repeat and a beginning: the later start is the honest one.
                if (startNs >= starts[i]) {
                    nodes[i] = startNs > starts[i] ? prefix : nodes[i] & prefix;
                    starts[i] = startNs;
                }
                return;
            }
        }
        if (reached < nodes.length) {
            nodes[reached] = prefix;
            starts[reached] = startNs;
            reached++;
            deepest = Math.max(deepest, node(prefix).depth());
        }
    }

    private SequenceTree.Node node(int prefix) {
        return tree.node(prefix & ~SPLIT);
    }

    private void reject(Packet packet, int prefix, RejectReason reason, RecognitionSink sink) {
        tell(packet.sourceHigh(), packet.sourceLow(), prefix, reason, sink);
    }

    /** What has split is told of by the prefix that went on. */
    private void tell(long sourceHigh, long sourceLow, int prefix, RejectReason reason, RecognitionSink sink) {
        if ((prefix & SPLIT) == 0) {
            sink.accept(sourceHigh, sourceLow, node(prefix).rejected(reason));
        }
    }

    /** Writes the reached prefixes into the source's entry, made or removed as needed. */
    private void remember(int found, Packet packet, RecognitionSink sink) {
        int entry = found;
        if (reached == 0) {
            attempts.remove(entry);
            return;
        }
        int queue = deepest > 1 ? AttemptTable.FURTHER : AttemptTable.FIRST;
        if (entry == AttemptTable.NONE || attempts.queue(entry) != queue) {
            if (entry != AttemptTable.NONE) {
                attempts.remove(entry);
            }
            int victim = attempts.victim(queue);
            if (victim != AttemptTable.NONE) {
                evict(victim, RejectReason.CROWDED_OUT, sink);
            }
            entry = attempts.add(packet.sourceHigh(), packet.sourceLow(), queue);
        } else {
            attempts.move(entry, queue);
        }
        for (int slot = 0; slot < attempts.slots(); slot++) {
            attempts.set(entry, slot, slot < reached ? nodes[slot] : AttemptTable.NONE, starts[slot]);
        }
    }

    private void evict(int entry, RejectReason reason, RecognitionSink sink) {
        for (int slot = 0; slot < attempts.slots() && attempts.node(entry, slot) != AttemptTable.NONE; slot++) {
            tell(attempts.sourceHigh(entry), attempts.sourceLow(entry), attempts.node(entry, slot), reason, sink);
        }
        attempts.remove(entry);
    }

    @Override
    public void expire(long nowNs, RecognitionSink sink) {
        for (int queue = AttemptTable.FIRST; queue <= AttemptTable.FURTHER; queue++) {
            for (int i = 0; i < EXPIRE_BATCH; i++) {
                int entry = attempts.oldest(queue);
                if (entry == AttemptTable.NONE || !isTooOld(entry, nowNs)) {
                    break;
                }
                evict(entry, RejectReason.TOO_SLOW, sink);
            }
        }
    }

    private boolean isTooOld(int entry, long nowNs) {
        for (int slot = 0; slot < attempts.slots() && attempts.node(entry, slot) != AttemptTable.NONE; slot++) {
            long longestNs = node(attempts.node(entry, slot)).longestNs();
            if (nowNs - attempts.start(entry, slot) <= longestNs) {
                return false;
            }
        }
        return true;
    }
}

package tirl.spa.gate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tirl.spa.GateKeys;

/** All peers by the number that their tokens lead to. Numbers are not given twice while a table may have them. */
public final class PeerBook {
    /** Previous, current and next. */
    public static final int LIVE_EPOCHS = 3;

    private final List<@Nullable Peer> peers = new ArrayList<>();
    private int count;

    /** No peers. */
    public PeerBook() {}

    /** A copy for another thread to make a table from. */
    public PeerBook(PeerBook other) {
        peers.addAll(other.peers);
        count = other.count;
    }

    /**
     * A table and what it was made for.
     *
     * @param epoch the current one then
     * @param numbers it has the peers below this number
     */
    public record EpochTable(TokenTable tokens, long epoch, int numbers) {}

    /** The number of the new peer. */
    public int add(Peer peer) {
        peers.add(peer);
        count++;
        return peers.size() - 1;
    }

    /** The same peer with another name or other rules: its number, and with it its tokens, stay. */
    void replace(int number, Peer peer) {
        peers.set(number, peer);
    }

    /** Its tokens lead nowhere from now on. */
    public void remove(int number) {
        if (peers.set(number, null) != null) {
            count--;
        }
    }

    public @Nullable Peer peer(int number) {
        return peers.get(number);
    }

    public int size() {
        return count;
    }

    /** One more than the highest number that was given. */
    int numbers() {
        return peers.size();
    }

    /** All with their numbers' order. */
    public Collection<Peer> all() {
        List<Peer> all = new ArrayList<>();
        for (Peer peer : peers) {
            if (peer != null) {
                all.add(peer);
            }
        }
        return all;
    }

    /** The live tokens while {@code epoch} is the current one. A second of work for many: not on the decision thread. */
    public EpochTable table(long epoch, long hashKey) {
        TokenTable table = new TokenTable(count * LIVE_EPOCHS * GateKeys.SLOTS, hashKey);
        for (int number = 0; number < peers.size(); number++) {
            addTokens(table, number, epoch);
        }
        return new EpochTable(table, epoch, peers.size());
    }

    /** The live tokens of one peer. Those of one that is gone become its own: it is the same one, come again. */
    void addTokens(TokenTable table, int number, long epoch) {
        Peer peer = peers.get(number);
        if (peer == null) {
            return;
        }
        for (long live = epoch - 1; live <= epoch + 1; live++) {
            for (long token : peer.keys().gate().tokens(live)) {
                int owner = table.owner(token);
                if (owner != TokenTable.NONE && peers.get(owner) == null) {
                    table.handOver(token, number);
                } else {
                    table.add(token, number);
                }
            }
        }
    }
}

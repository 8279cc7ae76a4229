package tirl.spa.gate;

import tirl.spa.KemSeed;
import tirl.spa.SharedKeys;
import tirl.spa.X25519PrivateKey;

/** A device or an open invitation as the gate knows it. */
public final class Peer {
    /** Key agreements that a peer gets at once: all tokens of an epoch. */
    private static final int BURST = 16;

    private static final long INTERVAL_NS = 10_000_000_000L;

    private final String name;
    private final boolean invitation;
    private final X25519PrivateKey server;
    private final SharedKeys keys;
    private final KemSeed seed;
    private final ReplayWindow window;
    private final boolean hybridOnly;
    private final Budget budget;

    /**
     * @param name of the device, or of the one that is invited
     * @param invitation whether it is an open invitation: then it may register, and nothing else
     * @param server the server key that it was enrolled with
     * @param window what was accepted from it before
     * @param hybridOnly whether packets of suite C are refused
     */
    public Peer(
            String name,
            boolean invitation,
            X25519PrivateKey server,
            SharedKeys keys,
            KemSeed seed,
            ReplayWindow window,
            boolean hybridOnly) {
        this(name, invitation, server, keys, seed, window, hybridOnly, new Budget(BURST, INTERVAL_NS));
    }

    private Peer(
            String name,
            boolean invitation,
            X25519PrivateKey server,
            SharedKeys keys,
            KemSeed seed,
            ReplayWindow window,
            boolean hybridOnly,
            Budget budget) {
        this.name = name;
        this.invitation = invitation;
        this.server = server;
        this.keys = keys;
        this.seed = seed;
        this.window = window;
        this.hybridOnly = hybridOnly;
        this.budget = budget;
    }

    /** The same peer under another name or other rules. */
    Peer with(String otherName, boolean nowHybridOnly) {
        return new Peer(otherName, invitation, server, keys, seed, window, nowHybridOnly, budget);
    }

    public String name() {
        return name;
    }

    public boolean isInvitation() {
        return invitation;
    }

    public SharedKeys keys() {
        return keys;
    }

    /** What was accepted from it. The gate has taken the counter of a packet that it admits. */
    public ReplayWindow window() {
        return window;
    }

    /** Whether it is this one, perhaps under another name or other rules. */
    boolean isSame(Peer other) {
        return window == other.window;
    }

    boolean hybridOnly() {
        return hybridOnly;
    }

    X25519PrivateKey server() {
        return server;
    }

    KemSeed seed() {
        return seed;
    }

    Budget budget() {
        return budget;
    }

    @Override
    public String toString() {
        return (invitation ? "invitation " : "device ") + name;
    }
}

package tirl.linux.iptables;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import tirl.grant.FirewallException;
import tirl.ruleset.iptables.IptablesRuleset;

/**
 * How many rules of ours there should be. Rules go by a flush or a restore of all, so a count tells; comparing their texts
 * would not do, for iptables writes them its own way.
 */
final class ChainCount {
    private record Expected(long others, long leases) {}

    private static final String LEASE = "-A " + IptablesRuleset.LEASES + " ";

    private final Map<Boolean, Expected> expected = new ConcurrentHashMap<>();
    /** Odd while rules are being changed. */
    private final AtomicLong changes = new AtomicLong();

    private volatile boolean doubted;

    /** A change of the rules, in which a check would see things half-way. */
    void change(Change change) throws FirewallException {
        changes.incrementAndGet();
        try {
            change.make();
        } finally {
            changes.incrementAndGet();
        }
    }

    /** All that there is after a complete installation. */
    void expect(Iptables family, String text) {
        long leases = leases(text);
        long all = IptablesRuleset.count(text.lines().toList()) + IptablesRuleset.JUMPS.size();
        expected.put(family.ipv4(), new Expected(all - leases, leases));
        doubted = false;
    }

    void expectLeases(Iptables family, String text) {
        expected.computeIfPresent(family.ipv4(), (_, old) -> new Expected(old.others(), leases(text)));
    }

    private static long leases(String text) {
        return text.lines().filter(line -> line.startsWith(LEASE)).count();
    }

    /** Something could not be changed: the next check says no. */
    void doubt() {
        doubted = true;
    }

    /** Any thread. */
    boolean isRight(List<Iptables> families) throws FirewallException {
        long before = changes.get();
        boolean right = !doubted;
        for (Iptables family : families) {
            long found =
                    IptablesRuleset.count(family.rules().stream().distinct().toList());
            Expected now = expected.get(family.ipv4());
            right &= now == null || found == now.others() + now.leases();
        }
        return right || before % 2 == 1 || before != changes.get();
    }

    @FunctionalInterface
    interface Change {
        void make() throws FirewallException;
    }
}

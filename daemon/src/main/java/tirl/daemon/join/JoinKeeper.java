package tirl.daemon.join;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.join.Detection;
import tirl.join.Finding;
import tirl.join.FirewallKind;
import tirl.join.JoinPoint.IptablesChain;
import tirl.join.JoinRule;
import tirl.join.Listings.Program;

/**
 * Keeps the static rule in the foreign firewalls while the daemon runs in join mode: their reload takes it away. It works
 * on a thread of its own, since it runs programs; it is woken when nftables changes, and looks itself every few
 * seconds at the engine that tells nobody.
 */
public final class JoinKeeper implements AutoCloseable {
    private static final long LOOK_MS = 3000;
    /** A reload is many changes; one look after the last of them is enough, but none waits long. */
    private static final long SETTLE_MS = 200;

    private static final int SETTLE_ROUNDS = 10;
    /** How long a firewall that keeps the rule itself may be quiet in its reload, and how many changes are waited for. */
    private static final long OWNER_MS = 1000;

    private static final int OWNER_ROUNDS = 10;

    /** Is told what happens, from the keeper's thread. */
    public interface Listener {
        /** Good to know. */
        void notice(String message);

        /** Somebody should look at it. */
        void warning(String message);

        /** It does not work. */
        void error(String message);
    }

    private final HostFirewalls firewalls = new HostFirewalls();
    private final Listener log;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread = Thread.ofPlatform().name("join").daemon().unstarted(this::keep);
    private volatile Wanted wanted = new Wanted(Optional.empty(), false);
    private volatile boolean closed;
    private Map<Program, String> legacy = Map.of();
    private String lastSaid = "";
    private boolean started;

    /** What the configuration in force asks for. */
    private record Wanted(Optional<JoinRule> rule, boolean forwards) {
        static Wanted by(Config config) {
            return new Wanted(
                    config.firewall() == FirewallMode.JOIN
                            ? Optional.of(new JoinRule(config.mark()))
                            : Optional.empty(),
                    config.forwards());
        }
    }

    /** Does nothing yet. */
    public JoinKeeper(Listener log) {
        this.log = log;
    }

    /** Puts the rule in place before it returns, and keeps it from then on. */
    public void start(Config config) {
        wanted = Wanted.by(config);
        look();
        started = true;
        thread.start();
    }

    /** Goes over to another configuration, soon. */
    public void follow(Config config) {
        wanted = Wanted.by(config);
        changed();
    }

    /** Somebody changed rules. Any thread; it costs nothing. */
    public void changed() {
        news.release();
    }

    private void keep() {
        while (!closed) {
            try {
                boolean woken = news.tryAcquire(LOOK_MS, TimeUnit.MILLISECONDS);
                if (!woken && !hasLegacyChanged()) {
                    continue;
                }
                for (int i = 0; i < SETTLE_ROUNDS && news.tryAcquire(SETTLE_MS, TimeUnit.MILLISECONDS); i++) {
                    news.drainPermits();
                }
                look();
            } catch (InterruptedException end) {
                return;
            } catch (RuntimeException bug) {
                log.error("a bug in tirl, please report it: the join rule is not looked after: " + bug);
            }
        }
    }

    private boolean hasLegacyChanged() {
        try {
            return wanted.rule().isPresent() && !firewalls.legacy().equals(legacy);
        } catch (JoinException e) {
            return true;
        }
    }

    private void look() {
        Wanted now = wanted;
        if (now.rule().isEmpty()) {
            return;
        }
        try {
            legacy = firewalls.legacy();
            repair(now.rule().get(), now.forwards());
        } catch (JoinException e) {
            say(
                    e.reason(),
                    () -> log.error(
                            "the join rule cannot be kept in place, so knocks may open nothing: " + e.reason()));
        }
    }

    private void repair(JoinRule rule, boolean forwards) throws JoinException {
        Detection found = firewalls.check(rule, forwards);
        if (found.findings().isEmpty()) {
            say(
                    "none",
                    () -> log.warning("firewall = \"join\", but no other firewall of this host drops anything that is "
                            + "for it; \"guard\" is enough here"));
            return;
        }
        if (started && found.findings().stream().anyMatch(JoinKeeper::comesBackByItself)) {
            found = afterItsOwner(rule, forwards);
        }
        if (found.isGood()) {
            lastSaid = "";
            // Perhaps twice: the owner of the chain put it there too.
            firewalls.put(found, rule);
            return;
        }
        firewalls.put(found, rule);
        legacy = firewalls.legacy();
        List<Finding> left = firewalls.check(rule, forwards).findings().stream()
                .filter(finding -> !finding.isGood())
                .toList();
        if (!left.isEmpty()) {
            throw new JoinException(
                    left.stream().map(finding -> finding.told(rule)).collect(Collectors.joining("; ")));
        }
        String where = found.findings().stream()
                .filter(finding -> !finding.isGood())
                .map(finding -> finding.point().where())
                .collect(Collectors.joining(", "));
        lastSaid = "";
        if (started) {
            log.warning("the join rule was taken away (a reload?); it is back in " + where);
        } else {
            log.notice("the join rule was missing and is now in " + where);
        }
    }

    /** In the middle of a reload of its owner the rule would stand there twice in the end. */
    private static boolean comesBackByItself(Finding finding) {
        return !finding.isGood()
                && finding.point() instanceof IptablesChain
                && (finding.kind() == FirewallKind.FIREWALLD || finding.kind() == FirewallKind.UFW);
    }

    private Detection afterItsOwner(JoinRule rule, boolean forwards) throws JoinException {
        Detection found = firewalls.check(rule, forwards);
        try {
            for (int i = 0;
                    i < OWNER_ROUNDS && found.findings().stream().anyMatch(JoinKeeper::comesBackByItself);
                    i++) {
                boolean _ = news.tryAcquire(OWNER_MS, TimeUnit.MILLISECONDS);
                news.drainPermits();
                found = firewalls.check(rule, forwards);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
        return found;
    }

    /** The same trouble is told once. */
    private void say(String what, Runnable telling) {
        if (!what.equals(lastSaid)) {
            lastSaid = what;
            telling.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}

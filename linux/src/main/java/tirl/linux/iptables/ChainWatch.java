package tirl.linux.iptables;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tirl.grant.FirewallException;

/**
 * Tells when somebody takes our rules away: {@code iptables -F}, or a script that restores all rules, opens every guarded
 * port to everyone. Not every variant of iptables tells of changes, so it looks, on a thread of its own.
 */
public final class ChainWatch implements AutoCloseable {
    private static final int INTERVAL_SECONDS = 2;

    private final IptablesFirewall firewall;
    private final Runnable gone;
    private final Consumer<String> warn;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("iptables-watch").daemon().unstarted(task));
    private boolean failing;
    private boolean exposed;

    /**
     * Runs {@code gone} on the watch's own thread, perhaps once too often.
     *
     * @param warn hears when it cannot look, or sees that guarded ports are open over IPv6
     */
    public ChainWatch(IptablesFirewall firewall, Runnable gone, Consumer<String> warn) {
        this.firewall = firewall;
        this.gone = gone;
        this.warn = warn;
        var _ = thread.scheduleWithFixedDelay(this::look, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            if (!firewall.isIntact()) {
                gone.run();
            }
            failing = false;
        } catch (FirewallException busy) {
            if (!failing) {
                warn.accept("whether the rules are still there is not known: " + busy.reason());
            }
            failing = true;
        }
        boolean isExposed = firewall.isExposed();
        if (isExposed && !exposed) {
            warn.accept("this host has IPv6 addresses now and no ip6tables: guarded ports are OPEN over IPv6");
        }
        exposed = isExposed;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}

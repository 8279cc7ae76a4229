package tirl.daemon;

import java.time.InstantSource;
import java.util.function.Consumer;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.daemon.control.ControlException;
import tirl.daemon.log.Log;
import tirl.grant.BreakGlassSets;
import tirl.grant.Firewall;
import tirl.grant.FirewallException;
import tirl.linux.firewall.LocalAddresses;
import tirl.linux.firewall.NftablesFirewall;
import tirl.linux.iptables.ChainWatch;
import tirl.linux.iptables.IptablesFirewall;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.Poller;

/** The firewall that the configuration asks for, with what differs from one kind to the other. */
sealed interface Firewalls {
    Firewall firewall();

    BreakGlassSets breakGlass();

    /** Where the rules are, in words. */
    String place();

    /**
     * Watches the rules.
     *
     * @param gone what the decision thread runs when somebody took ours away
     * @param othersChanged when rules of somebody else have come or gone, as far as the kernel tells
     */
    Watch watch(Poller poller, Consumer<Runnable> decisionThread, Runnable gone, Runnable othersChanged)
            throws LibcException;

    /** Ends without a word. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    static Firewalls of(Config config, LocalAddresses local, Runnable cutDone, Log log) throws FirewallException {
        return switch (config.firewall()) {
            case GUARD, JOIN -> new Nftables(new NftablesFirewall(local, cutDone));
            case IPTABLES -> new Chains(new IptablesFirewall(local, cutDone, InstantSource.system(), log::notice), log);
        };
    }

    /** Leases cannot move from one kind to the other while a daemon runs. */
    static void refuseChange(Config running, Config fresh) throws ControlException {
        boolean other = running.firewall() != fresh.firewall();
        if (other && (running.firewall() == FirewallMode.IPTABLES || fresh.firewall() == FirewallMode.IPTABLES)) {
            throw new ControlException("firewall: another way to enforce leases takes a new start: `tirl stop`, which"
                    + " opens the guarded ports, then start again");
        }
    }

    /** The table of nftables. */
    record Nftables(NftablesFirewall firewall) implements Firewalls {
        @Override
        public BreakGlassSets breakGlass() {
            return firewall.breakGlass();
        }

        @Override
        public String place() {
            return "the table inet tirl";
        }

        @Override
        public Watch watch(Poller poller, Consumer<Runnable> decisionThread, Runnable gone, Runnable othersChanged)
                throws LibcException {
            return firewall.watch(poller, gone, othersChanged)::close;
        }
    }

    /** Chains of iptables. */
    record Chains(IptablesFirewall firewall, Log log) implements Firewalls {
        @Override
        public BreakGlassSets breakGlass() {
            return firewall.breakGlass();
        }

        @Override
        public String place() {
            return "what tirl has in iptables (chains TIRL-*)";
        }

        @Override
        public Watch watch(Poller poller, Consumer<Runnable> decisionThread, Runnable gone, Runnable othersChanged) {
            return new ChainWatch(firewall, () -> decisionThread.accept(gone), log::warning)::close;
        }
    }
}

package tirl.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tirl.door.BreakGlass;
import tirl.door.Door;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.join.JoinRule;

/**
 * Everything that a configuration file says, checked.
 *
 * @param interfaces names, or the single name "any"
 * @param control path of the control socket
 * @param state directory of what must survive a restart
 * @param firewall how a lease is enforced
 * @param guardedRange ports whose touch spoils a strict attempt
 * @param publicPorts ports open to everyone: touching them never spoils an attempt
 * @param breakGlass the way in when the daemon fails
 * @param mark the bit of the packet mark by which a foreign firewall knows leased packets, in join mode
 */
public record Config(
        List<String> interfaces,
        Path control,
        Path state,
        FirewallMode firewall,
        PortRange guardedRange,
        Set<ServicePort> publicPorts,
        List<Service> services,
        List<Door> doors,
        Limits limits,
        Optional<BreakGlass> breakGlass,
        int mark) {

    public Config {
        interfaces = List.copyOf(interfaces);
        publicPorts = Set.copyOf(publicPorts);
        services = List.copyOf(services);
        doors = List.copyOf(doors);
    }

    /** With the usual mark. */
    public Config(
            List<String> interfaces,
            Path control,
            Path state,
            FirewallMode firewall,
            PortRange guardedRange,
            Set<ServicePort> publicPorts,
            List<Service> services,
            List<Door> doors,
            Limits limits,
            Optional<BreakGlass> breakGlass) {
        this(
                interfaces,
                control,
                state,
                firewall,
                guardedRange,
                publicPorts,
                services,
                doors,
                limits,
                breakGlass,
                JoinRule.DEFAULT_MARK);
    }

    /** This configuration with another way to enforce a lease. */
    public Config withFirewall(FirewallMode other, int otherMark) {
        return new Config(
                interfaces,
                control,
                state,
                other,
                guardedRange,
                publicPorts,
                services,
                doors,
                limits,
                breakGlass,
                otherMark);
    }

    /** This configuration with other doors. */
    public Config withDoors(List<Door> others) {
        return new Config(
                interfaces,
                control,
                state,
                firewall,
                guardedRange,
                publicPorts,
                services,
                others,
                limits,
                breakGlass,
                mark);
    }

    /** This configuration with, or without, a way in when the daemon fails. */
    public Config withBreakGlass(Optional<BreakGlass> other) {
        return new Config(
                interfaces, control, state, firewall, guardedRange, publicPorts, services, doors, limits, other, mark);
    }

    /** This configuration with other services. */
    public Config withServices(List<Service> others) {
        return new Config(
                interfaces,
                control,
                state,
                firewall,
                guardedRange,
                publicPorts,
                others,
                doors,
                limits,
                breakGlass,
                mark);
    }

    /** Ports {@code first} to {@code last}, both included. */
    public record PortRange(int first, int last) {
        public static final PortRange ALL = new PortRange(1, 65535);
    }

    public enum FirewallMode {
        /** tirl's own nftables table shuts the guarded ports. */
        GUARD,
        /** The same, on a host whose firewall drops too: leased packets carry a mark that one rule of it accepts. */
        JOIN,
        /** Chains of our own for iptables and ip6tables do, on hosts without nftables. */
        IPTABLES
    }

    /**
     * Bounds on what strangers and clients can make us hold.
     *
     * @param halfDone sources with a half-done sequence
     * @param leases live leases on this host
     * @param leasesPerSource live leases of one source address
     */
    public record Limits(int halfDone, int leases, int leasesPerSource) {
        public static final Limits DEFAULT = new Limits(65_536, 100_000, 16);
    }
}

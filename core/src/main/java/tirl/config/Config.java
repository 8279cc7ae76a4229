package tirl.config;

import java.nio.file.Path;
import java.time.Duration;
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
 * @param guardedRange ports whose touch spoils a strict attempt
 * @param publicPorts ports open to everyone: touching them never spoils an attempt
 * @param breakGlass the way in when the daemon fails
 * @param spa where SPA packets are heard; empty when they are not
 * @param fwknop where packets of fwknop's clients are heard; empty when they are not
 * @param mail who is told of openings by e-mail; empty when nobody is
 */
public record Config(
        Host host,
        PortRange guardedRange,
        Set<ServicePort> publicPorts,
        List<Service> services,
        List<Door> doors,
        Limits limits,
        Optional<BreakGlass> breakGlass,
        Optional<Spa> spa,
        Optional<Fwknop> fwknop,
        Optional<Mail> mail) {

    public Config {
        publicPorts = Set.copyOf(publicPorts);
        services = List.copyOf(services);
        doors = List.copyOf(doors);
    }

    /** Without a way in when the daemon fails, SPA, fwknop's clients and mail. */
    public Config(
            Host host,
            PortRange guardedRange,
            Set<ServicePort> publicPorts,
            List<Service> services,
            List<Door> doors,
            Limits limits) {
        this(
                host,
                guardedRange,
                publicPorts,
                services,
                doors,
                limits,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** This configuration on another host. */
    public Config withHost(Host other) {
        return new Config(other, guardedRange, publicPorts, services, doors, limits, breakGlass, spa, fwknop, mail);
    }

    /** This configuration with other doors. */
    public Config withDoors(List<Door> others) {
        return new Config(host, guardedRange, publicPorts, services, others, limits, breakGlass, spa, fwknop, mail);
    }

    /** This configuration with other bounds. */
    public Config withLimits(Limits others) {
        return new Config(host, guardedRange, publicPorts, services, doors, others, breakGlass, spa, fwknop, mail);
    }

    /** This configuration with, or without, a way in when the daemon fails. */
    public Config withBreakGlass(Optional<BreakGlass> other) {
        return new Config(host, guardedRange, publicPorts, services, doors, limits, other, spa, fwknop, mail);
    }

    /** This configuration with other services. */
    public Config withServices(List<Service> others) {
        return new Config(host, guardedRange, publicPorts, others, doors, limits, breakGlass, spa, fwknop, mail);
    }

    /** This configuration with, or without, SPA. */
    public Config withSpa(Optional<Spa> other) {
        return new Config(host, guardedRange, publicPorts, services, doors, limits, breakGlass, other, fwknop, mail);
    }

    /** This configuration with, or without, fwknop's clients. */
    public Config withFwknop(Optional<Fwknop> other) {
        return new Config(host, guardedRange, publicPorts, services, doors, limits, breakGlass, spa, other, mail);
    }

    /** This configuration with, or without, alerts by e-mail. */
    public Config withMail(Optional<Mail> other) {
        return new Config(host, guardedRange, publicPorts, services, doors, limits, breakGlass, spa, fwknop, other);
    }

    /** Whether something of it leads clients to machines behind this one. */
    public boolean forwards() {
        return services.stream().anyMatch(service -> !service.forwards().isEmpty())
                || fwknop.map(Fwknop::nat).orElse(FwknopNat.NONE) == FwknopNat.FORWARD;
    }

    public List<String> interfaces() {
        return host.interfaces();
    }

    public Path control() {
        return host.control();
    }

    public Path state() {
        return host.state();
    }

    public FirewallMode firewall() {
        return host.firewall();
    }

    public int mark() {
        return host.mark();
    }

    /**
     * What the table {@code daemon} says of the host.
     *
     * @param interfaces names, or the single name "any"
     * @param control path of the control socket
     * @param state directory of what must survive a restart
     * @param firewall how a lease is enforced
     * @param mark the bit of the packet mark by which a foreign firewall knows leased packets, in join mode
     */
    public record Host(List<String> interfaces, Path control, Path state, FirewallMode firewall, int mark) {
        public Host {
            interfaces = List.copyOf(interfaces);
        }

        /** With the usual mark. */
        public Host(List<String> interfaces, Path control, Path state, FirewallMode firewall) {
            this(interfaces, control, state, firewall, JoinRule.DEFAULT_MARK);
        }

        /** The same host with another way to enforce a lease. */
        public Host withFirewall(FirewallMode other, int otherMark) {
            return new Host(interfaces, control, state, other, otherMark);
        }
    }

    /**
     * How SPA packets are heard.
     *
     * @param ports UDP ports they may be sent to; nothing answers there
     * @param icmp whether echo requests may carry them too
     * @param name how clients reach this host, for invitations; empty when each invitation has to say it
     * @param skew how far a device's clock may be off
     * @param devices a directory of device files, beside the devices of the store
     */
    public record Spa(PortRange ports, boolean icmp, Optional<String> name, Duration skew, Optional<Path> devices) {
        /** As section 7 of the protocol has it. */
        public static final Duration DEFAULT_SKEW = Duration.ofSeconds(90);

        public static final PortRange DEFAULT_PORTS = new PortRange(62201, 62201);
    }

    /**
     * Where packets of fwknop's clients are heard.
     *
     * @param directory of fwknopd.conf
     * @param filter in the syntax of pcap-filter(7): PCAP_FILTER
     * @param silent UDP ports of the filter where nothing else is
     * @param nat where requests may lead
     */
    public record Fwknop(Path directory, String filter, List<PortRange> silent, FwknopNat nat) {
        public Fwknop {
            silent = List.copyOf(silent);
        }
    }

    /** Where requests of fwknop's clients may lead beside the ports of this host. */
    public enum FwknopNat {
        NONE,
        /** To other ports of this host. */
        LOCAL,
        /** To other ports of this host, and to machines behind it. */
        FORWARD
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

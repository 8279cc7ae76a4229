package tirl.fwknop.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tirl.device.Network;
import tirl.packet.Address;

/**
 * The value of SOURCE and DESTINATION.
 *
 * @param networks none for ANY
 */
public record Networks(List<Network> networks) {
    /** Every address of either family. */
    public static final Networks ANY = new Networks(List.of());

    /** This host's own, where a proxy is whose word may count. */
    public static final Networks LOOPBACK =
            new Networks(List.of(new Network(Address.ofIpv4(0x7f000000), 8), new Network(new Address(0, 1), 128)));

    public Networks {
        networks = List.copyOf(networks);
    }

    public boolean contains(Address address) {
        if (networks.isEmpty()) {
            return true;
        }
        for (Network network : networks) {
            if (contains(network, address)) {
                return true;
            }
        }
        return false;
    }

    private static boolean contains(Network network, Address address) {
        Address base = network.base();
        if (base.isIpv4() != address.isIpv4()) {
            return false;
        }
        int bits = base.isIpv4() ? network.prefix() + 96 : network.prefix();
        return ((base.high() ^ address.high()) & mask(Math.min(bits, 64))) == 0
                && ((base.low() ^ address.low()) & mask(Math.max(bits - 64, 0))) == 0;
    }

    private static long mask(int bits) {
        return bits == 0 ? 0 : -1L << (64 - bits);
    }

    /**
     * {@code ANY}, or addresses and networks with commas between. Networks have a prefix, or in IPv4 a mask; IPv6 is ours.
     *
     * @return what is wrong with it, or the networks
     */
    static Parsed parse(String text) {
        List<Network> networks = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String entry = part.strip();
            if (entry.equalsIgnoreCase("ANY")) {
                return new Parsed(Optional.of(ANY), "");
            }
            Optional<Network> network = network(entry);
            if (network.isEmpty()) {
                return new Parsed(
                        Optional.empty(),
                        "\"" + entry
                                + "\" is no address and no network; write ANY, 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32");
            }
            networks.add(network.get());
        }
        return new Parsed(Optional.of(new Networks(networks)), "");
    }

    /**
     * @param problem empty when there is a value
     */
    record Parsed(Optional<Networks> networks, String problem) {}

    private static Optional<Network> network(String entry) {
        int slash = entry.indexOf('/');
        Optional<Address> base = Address.parse(slash < 0 ? entry : entry.substring(0, slash));
        return base.flatMap(address -> {
            int longest = address.isIpv4() ? 32 : 128;
            int prefix = slash < 0 ? longest : prefix(entry.substring(slash + 1), longest);
            return prefix < 0 ? Optional.empty() : Optional.of(new Network(cut(address, prefix), prefix));
        });
    }

    /** -1 when it is none. */
    private static int prefix(String text, int longest) {
        if (text.indexOf('.') < 0 || longest != 32) {
            long prefix = Values.isPlainNumber(text) ? Values.number(text) : -1;
            return prefix <= longest ? (int) prefix : -1;
        }
        int mask = Address.parse(text).map(address -> (int) address.low()).orElse(1);
        int ones = Integer.numberOfLeadingZeros(~mask);
        return mask == (ones == 0 ? 0 : -1 << (32 - ones)) ? ones : -1;
    }

    private static Address cut(Address address, int prefix) {
        int bits = address.isIpv4() ? prefix + 96 : prefix;
        return new Address(address.high() & mask(Math.min(bits, 64)), address.low() & mask(Math.max(bits - 64, 0)));
    }
}

package tirl.device;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tirl.config.NotationException;
import tirl.packet.Address;

/**
 * A network in CIDR notation. An IPv4-mapped one is IPv4.
 *
 * @param base with zeros after the prefix
 * @param prefix bits: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Network(Address base, int prefix) {
    private static final Pattern CIDR = Pattern.compile("([0-9A-Fa-f:.]+)(?:/(\\d{1,3}))?");
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;
    /** An IPv4 address is held as the last 32 of 128 bits. */
    private static final int MAPPED = IPV6_BITS - IPV4_BITS;

    public Network {
        if (prefix < 0 || prefix > width(base) || !masked(base, prefix).equals(base)) {
            throw new IllegalArgumentException(base + "/" + prefix);
        }
    }

    /** {@code 10.0.0.0/8} or {@code 2001:db8::/32}; an address alone is the network that has only it. */
    public static Network parse(String text) throws NotationException {
        Matcher matcher = CIDR.matcher(text);
        Optional<Address> found = matcher.matches() ? Address.parse(matcher.group(1)) : Optional.empty();
        if (found.isEmpty()) {
            throw new NotationException("\"" + text + "\" is no network; write 192.0.2.0/24 or 2001:db8::/32");
        }
        Address address = found.get();
        String digits = matcher.group(2);
        boolean mapped = address.isIpv4() && text.indexOf(':') >= 0;
        int prefix = digits == null ? width(address) : Integer.parseInt(digits) - (mapped ? MAPPED : 0);
        if (prefix < 0 || prefix > width(address)) {
            throw new NotationException("\"" + text + "\" is no network; the number after the slash goes from "
                    + (mapped ? MAPPED : 0) + " to " + (mapped ? IPV6_BITS : width(address)));
        }
        Address base = masked(address, prefix);
        if (!base.equals(address)) {
            throw new NotationException("\"" + text + "\" has bits after the prefix; write " + base + "/" + prefix
                    + " for the network, " + address + "/" + width(address) + " for that address alone");
        }
        return new Network(base, prefix);
    }

    /** Whether the address is in it. No IPv4 address is in an IPv6 network, not even in ::/0. */
    public boolean contains(Address address) {
        return address.isIpv4() == base.isIpv4() && masked(address, prefix).equals(base);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return base + "/" + prefix;
    }

    private static int width(Address address) {
        return address.isIpv4() ? IPV4_BITS : IPV6_BITS;
    }

    private static Address masked(Address address, int prefix) {
        int bits = address.isIpv4() ? prefix + MAPPED : prefix;
        return new Address(
                address.high() & mask(Math.min(bits, Long.SIZE)), address.low() & mask(Math.max(0, bits - Long.SIZE)));
    }

    /** The first {@code bits} of 64 set; a shift by 64 would shift by none. */
    private static long mask(int bits) {
        return bits == 0 ? 0 : -1L << (Long.SIZE - bits);
    }
}

package tirl.spa;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tirl.packet.Address;

/** The sealed addresses of a request and what they are for (section 5.2). */
public record AddressClaim(AddressMode mode, Optional<Address> ipv4, Optional<Address> ipv6) {
    /** The grant is for whatever address the packet comes from. */
    public static final AddressClaim OBSERVED =
            new AddressClaim(AddressMode.OBSERVED, Optional.empty(), Optional.empty());

    public AddressClaim {
        if (!isWellFormed(mode, ipv4, ipv6)) {
            throw new IllegalArgumentException(mode + " does not go with " + ipv4 + " and " + ipv6);
        }
    }

    static boolean isWellFormed(AddressMode mode, Optional<Address> ipv4, Optional<Address> ipv6) {
        boolean none = ipv4.isEmpty() && ipv6.isEmpty();
        return none == (mode == AddressMode.OBSERVED)
                && ipv4.map(Address::isIpv4).orElse(true)
                && ipv6.map(address -> !address.isIpv4()).orElse(true)
                && ipv4.map(AddressClaim::isUnicast).orElse(true)
                && ipv6.map(AddressClaim::isUnicast).orElse(true);
    }

    /** Of another machine, and the same one on every link. */
    private static boolean isUnicast(Address address) {
        return !address.isUnspecified() && !address.isLoopback() && !address.isMulticast() && !address.isLinkLocal();
    }

    /** Whom the grant is for when the packet came from {@code source}; empty for a wrong address. */
    public Optional<List<Address>> grantees(Address source) {
        Optional<Address> same = source.isIpv4() ? ipv4 : ipv6;
        Optional<Address> other = source.isIpv4() ? ipv6 : ipv4;
        return switch (mode) {
            case OBSERVED -> Optional.of(List.of(source));
            case CLAIMED -> Optional.of(sealed());
            case EQUAL -> same.filter(source::equals).map(_ -> sealed());
            case DUAL -> other.map(second -> List.of(source, second));
        };
    }

    private List<Address> sealed() {
        List<Address> all = new ArrayList<>();
        ipv4.ifPresent(all::add);
        ipv6.ifPresent(all::add);
        return List.copyOf(all);
    }
}

package tirl.device;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import tirl.spa.AddressMode;

/**
 * What a device may do.
 *
 * @param services by name, at least one; the first {@link tirl.spa.Body.Target#MOST_SERVICES} are what it gets when it names none
 * @param from networks its addresses must be in; none stands for everywhere
 * @param hours when it may knock, by the server's clock and zone; none stands for always
 * @param longest a lease; also what it gets when it does not say how long
 * @param leases at once; an IPv4 and an IPv6 address of one service count once
 * @param modes whom grants may be for
 * @param code the second factor: a one-time code goes with each request
 * @param classical whether packets of suite C are taken too
 * @param until the device is refused from then on
 * @param uses how many grants it gets in its life; empty for any number
 */
public record AccessRules(
        List<String> services,
        List<Network> from,
        List<Hours> hours,
        Duration longest,
        int leases,
        Set<AddressMode> modes,
        Optional<CodeSecret> code,
        boolean classical,
        Optional<Instant> until,
        OptionalInt uses) {
    public static final Duration DEFAULT_LONGEST = Duration.ofHours(2);
    public static final int DEFAULT_LEASES = 8;

    public AccessRules {
        services = List.copyOf(services);
        from = List.copyOf(from);
        hours = List.copyOf(hours);
        modes = Set.copyOf(modes);
        if (services.isEmpty() || modes.isEmpty() || leases < 1 || !longest.isPositive()) {
            throw new IllegalArgumentException("services " + services + ", modes " + modes + ", leases " + leases);
        }
    }

    /** The usual rules: these services, from everywhere, at any time, for any address. */
    public static AccessRules of(List<String> services) {
        return new AccessRules(
                services,
                List.of(),
                List.of(),
                DEFAULT_LONGEST,
                DEFAULT_LEASES,
                EnumSet.allOf(AddressMode.class),
                Optional.empty(),
                true,
                Optional.empty(),
                OptionalInt.empty());
    }
}

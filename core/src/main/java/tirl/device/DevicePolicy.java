package tirl.device;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import tirl.door.Service;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.packet.Address;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.Decision;
import tirl.spa.ServiceId;

/** What a device gets of what it asks for: pure functions. Decision 0017 says why it is so. */
public final class DevicePolicy {
    /** Below a second there is nothing to use. */
    private static final Duration SHORTEST = Duration.ofSeconds(1);

    private DevicePolicy() {}

    /**
     * What is around a request.
     *
     * @param services of the configuration
     * @param leases the device's that are live, and those granted that are not yet open; others do not matter
     * @param nowNs on the clock of the leases
     * @param now for hours and codes
     * @param zone in which hours are meant
     */
    public record Situation(Catalogue services, Collection<Lease> leases, long nowNs, Instant now, ZoneId zone) {
        public Situation {
            leases = List.copyOf(leases);
        }
    }

    /** Whether the device gets it; all of it or nothing. The first rule that is against it is the reason. */
    public static DeviceVerdict decide(
            Device device, DeviceUse use, Body.Open open, Address source, Situation situation) {
        AccessRules rules = device.rules();
        Body.Target target = open.target();
        // Who names none gets the usual ones, less those that the configuration has no more.
        List<Service> services = target.services().isEmpty()
                ? situation.services().named(usual(rules))
                : situation.services().called(target.services());
        List<Address> grantees = target.address().grantees(source).orElse(List.of());
        Room room = new Room(device.name(), situation.leases(), situation.nowNs());
        boolean more = room.isNeeded(services, grantees);
        boolean takesCode = rules.code().isPresent();
        OptionalLong step = step(rules, use, target, situation.now());
        if (services.isEmpty() || services.size() < target.services().size()) {
            return denied(Decision.UNKNOWN_SERVICE);
        }
        if (!services.stream().allMatch(service -> rules.services().contains(service.name()))) {
            return denied(Decision.SERVICE_NOT_ALLOWED);
        }
        if (!rules.modes().contains(target.address().mode())) {
            return denied(Decision.MODE_NOT_ALLOWED);
        }
        if (grantees.isEmpty()) {
            return denied(Decision.WRONG_ADDRESS);
        }
        if (!grantees.stream().allMatch(address -> isFrom(rules, address))) {
            return denied(Decision.NETWORK_NOT_ALLOWED);
        }
        if (!isOpenAt(rules, situation)) {
            return denied(Decision.HOUR_NOT_ALLOWED);
        }
        if (more && (room.after(services, grantees) > rules.leases() || isUsedUp(rules, use))) {
            return denied(Decision.TOO_MANY_LEASES);
        }
        if (takesCode && step.isEmpty()) {
            return denied(Decision.WRONG_CODE);
        }
        Duration asked = duration(open.seconds(), rules, situation.now());
        List<GrantRequest> requests = new ArrayList<>();
        for (Service service : services) {
            String label = DeviceLabel.of(device.name(), service.name());
            Duration duration = more || rules.uses().isEmpty() ? asked : least(asked, room.left(label));
            grantees.forEach(grantee -> requests.add(new GrantRequest(grantee, label, service.ports(), duration)));
        }
        return new DeviceVerdict.Granted(
                requests,
                new DeviceUse(step.orElse(use.lastCodeStep()), use.grants() + (more ? 1 : 0), target.grant()));
    }

    /** The leases that a close request gives back. */
    public static List<Lease> closed(Device device, Body.Close close, Address source, Situation situation) {
        AddressClaim claim = close.target().address();
        List<Address> grantees = claim.grantees(source).orElse(List.of());
        List<ServiceId> named = close.target().services();
        Set<ServiceId> wanted = named.isEmpty()
                ? usual(device.rules()).stream().map(ServiceId::of).collect(Collectors.toSet())
                : Set.copyOf(named);
        return situation.leases().stream()
                .filter(lease -> grantees.contains(lease.source()) && DeviceLabel.isOf(device.name(), lease.label()))
                .filter(lease -> wanted.contains(ServiceId.of(DeviceLabel.service(device.name(), lease.label()))))
                .toList();
    }

    private static DeviceVerdict denied(Decision why) {
        return new DeviceVerdict.Denied(why);
    }

    private static List<String> usual(AccessRules rules) {
        return rules.services().stream()
                .distinct()
                .limit(Body.Target.MOST_SERVICES)
                .toList();
    }

    private static boolean isFrom(AccessRules rules, Address address) {
        return rules.from().isEmpty() || rules.from().stream().anyMatch(network -> network.contains(address));
    }

    private static boolean isOpenAt(AccessRules rules, Situation situation) {
        Instant now = situation.now();
        boolean over = rules.until().filter(until -> !now.isBefore(until)).isPresent();
        boolean inHours = rules.hours().isEmpty()
                || rules.hours().stream().anyMatch(hours -> hours.contains(now, situation.zone()));
        return !over && inHours;
    }

    private static boolean isUsedUp(AccessRules rules, DeviceUse use) {
        return rules.uses().isPresent() && use.grants() >= rules.uses().getAsInt();
    }

    /** Packets of one grant (its IPv4 and its IPv6 one) may share a code; nothing else may. */
    private static OptionalLong step(AccessRules rules, DeviceUse use, Body.Target target, Instant now) {
        boolean sameGrant = target.grant() != 0 && target.grant() == use.lastGrant();
        long first = sameGrant ? use.lastCodeStep() : use.lastCodeStep() + 1;
        Optional<CodeSecret> secret = rules.code();
        return secret.isPresent() && target.code().isPresent()
                ? secret.get().step(target.code().getAsInt(), now, first)
                : OptionalLong.empty();
    }

    /** What was asked for, no longer than a lease of this device may be, and not past its own end. */
    private static Duration duration(int seconds, AccessRules rules, Instant now) {
        Duration asked = seconds == 0 ? rules.longest() : Duration.ofSeconds(Integer.toUnsignedLong(seconds));
        Duration allowed = least(asked, rules.longest());
        return rules.until()
                .map(until -> greatest(SHORTEST, least(allowed, Duration.between(now, until))))
                .orElse(allowed);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static Duration greatest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}

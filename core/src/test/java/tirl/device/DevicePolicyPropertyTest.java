package tirl.device;

import static org.assertj.core.api.Assertions.assertThat;
import static tirl.device.Requests.address;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.grant.GrantRequest;
import tirl.grant.Lease;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.spa.AddressClaim;
import tirl.spa.AddressMode;
import tirl.spa.Body;

/** Whatever a device asks for, and in whatever order, it never holds more than its rules say. */
class DevicePolicyPropertyTest {
    private static final List<String> NAMES = List.of("ssh", "web", "mail");
    private static final List<AddressMode> MODES = List.copyOf(EnumSet.allOf(AddressMode.class));
    private static final long SECOND = 1_000_000_000L;
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final Random random = new Random(5);
    private final Map<String, Lease> leases = new HashMap<>();
    private long nowNs = Long.MAX_VALUE - 500 * SECOND;

    private Address drawn(boolean ipv4) {
        int host = 1 + random.nextInt(3);
        return ipv4 ? address("192.0.2." + host) : address("2001:db8::" + host);
    }

    private AddressClaim claim() {
        AddressMode mode = MODES.get(random.nextInt(MODES.size()));
        boolean both = random.nextBoolean();
        boolean four = random.nextBoolean();
        return mode == AddressMode.OBSERVED
                ? AddressClaim.OBSERVED
                : new AddressClaim(
                        mode,
                        both || four ? Optional.of(drawn(true)) : Optional.empty(),
                        both || !four ? Optional.of(drawn(false)) : Optional.empty());
    }

    private Body.Open open() {
        String[] named = NAMES.stream().filter(_ -> random.nextBoolean()).toArray(String[]::new);
        return Requests.open(random.nextInt(200), random.nextInt(3), OptionalInt.empty(), claim(), named);
    }

    private void carryOut(List<GrantRequest> requests) {
        for (GrantRequest request : requests) {
            String key = request.label() + " " + request.source();
            long ends = nowNs + request.duration().toNanos();
            Lease old = leases.get(key);
            // As the lease book does: never less time.
            boolean less = old != null && old.expiresNs() - ends > 0;
            leases.put(key, less ? old : new Lease(1, request.source(), request.label(), List.of(), ends));
        }
    }

    private long held() {
        long held = 0;
        for (String name : NAMES) {
            List<Lease> own = leases.values().stream()
                    .filter(lease -> lease.label().equals("anna/" + name))
                    .toList();
            long ipv4 = own.stream().filter(lease -> lease.source().isIpv4()).count();
            held += Math.max(ipv4, own.size() - ipv4);
        }
        return held;
    }

    @Test
    void decide_anyRequests_neverMoreLeasesNorLongerOnesThanTheRulesSay() {
        List<Service> services = new ArrayList<>();
        NAMES.forEach(name -> services.add(new Service(name, List.of(new ServicePort(Transport.TCP, 22)))));
        int granted = 0;
        for (int round = 0; round < 300; round++) {
            int most = 1 + random.nextInt(5);
            int uses = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(3);
            AccessRules rules = new AccessRules(
                    NAMES,
                    List.of(),
                    List.of(),
                    Duration.ofSeconds(100),
                    most,
                    EnumSet.allOf(AddressMode.class),
                    Optional.empty(),
                    true,
                    Optional.empty(),
                    uses == Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of(uses));
            Device device = Requests.device(rules);
            DeviceUse use = DeviceUse.NONE;
            leases.clear();
            long lastUseNs = nowNs;
            for (int i = 0; i < 60; i++) {
                nowNs += random.nextInt(40) * SECOND;
                leases.values().removeIf(lease -> lease.expiresNs() - nowNs <= 0);
                DevicePolicy.Situation situation = new DevicePolicy.Situation(
                        new Catalogue(services), leases.values(), nowNs, NOW, ZoneOffset.UTC);
                DeviceVerdict verdict =
                        DevicePolicy.decide(device, use, open(), drawn(random.nextBoolean()), situation);
                if (verdict instanceof DeviceVerdict.Granted(var requests, var after)) {
                    granted++;
                    assertThat(requests)
                            .isNotEmpty()
                            .allMatch(request -> request.duration().isPositive()
                                    && request.duration().compareTo(rules.longest()) <= 0);
                    carryOut(requests);
                    lastUseNs = after.grants() > use.grants() ? nowNs : lastUseNs;
                    use = after;
                }
                assertThat(held()).isLessThanOrEqualTo(most);
                assertThat(use.grants()).isLessThanOrEqualTo(uses);
                // What the last use opened is over in time, however often it is asked for again.
                assertThat(use.grants() == uses && nowNs - lastUseNs >= 100 * SECOND && !leases.isEmpty())
                        .as("the last of " + uses + " uses was drawn out")
                        .isFalse();
            }
        }
        assertThat(granted).isGreaterThan(1_000);
    }
}

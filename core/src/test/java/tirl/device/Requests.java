package tirl.device;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.packet.Address;
import tirl.spa.AddressClaim;
import tirl.spa.AddressMode;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.KemSeed;
import tirl.spa.ServiceId;
import tirl.spa.X25519PublicKey;

/** Devices, and what they ask for. */
final class Requests {
    private static final Body.Header HEADER = new Body.Header(1, 1, false, false);

    private Requests() {}

    static Device device(AccessRules rules) {
        return new Device(
                "anna",
                new X25519PublicKey(new byte[X25519PublicKey.LENGTH]),
                new EnrolmentSecret(new byte[EnrolmentSecret.LENGTH]),
                new KemSeed(new byte[KemSeed.LENGTH]),
                rules);
    }

    static Body.Open open(int seconds, int grant, OptionalInt code, AddressClaim claim, String... services) {
        return new Body.Open(HEADER, seconds, target(grant, code, claim, services));
    }

    static Body.Open open(AddressClaim claim, String... services) {
        return open(0, 0, OptionalInt.empty(), claim, services);
    }

    static Body.Close close(AddressClaim claim, String... services) {
        return new Body.Close(HEADER, target(0, OptionalInt.empty(), claim, services));
    }

    private static Body.Target target(int grant, OptionalInt code, AddressClaim claim, String... services) {
        List<ServiceId> ids = Arrays.stream(services).map(ServiceId::of).toList();
        return new Body.Target(ids, grant, code, claim);
    }

    /** With {@code -} for no address. */
    static AddressClaim claim(AddressMode mode, String ipv4, String ipv6) {
        return new AddressClaim(mode, Address.parse(ipv4), Address.parse(ipv6));
    }

    static Address address(String text) {
        return Optional.of(text).flatMap(Address::parse).orElseThrow();
    }
}

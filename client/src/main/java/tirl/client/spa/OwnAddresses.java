package tirl.client.spa;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tirl.client.profile.Profile.Proof;
import tirl.packet.Address;
import tirl.spa.AddressClaim;
import tirl.spa.AddressMode;

/** The addresses that a packet claims for its device (section 5.2). */
final class OwnAddresses {
    private static final int ANY_PORT = 9;

    private final AddressMode mode;
    private final List<Address> own;

    private OwnAddresses(AddressMode mode, List<Address> own) {
        this.mode = mode;
        this.own = own;
    }

    /** What the profile says, or else what this host uses towards the server. */
    static OwnAddresses of(Proof.Spa spa, List<InetAddress> server) {
        List<Address> own = new ArrayList<>(spa.addresses());
        if (spa.mode() != AddressMode.OBSERVED && own.isEmpty()) {
            for (InetAddress each : server) {
                towards(each).ifPresent(own::add);
            }
        }
        return new OwnAddresses(spa.mode(), own);
    }

    /** The kernel chooses a source for a socket that is connected; nothing is sent. */
    private static Optional<Address> towards(InetAddress server) {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.connect(new InetSocketAddress(server, ANY_PORT));
            return channel.getLocalAddress() instanceof InetSocketAddress local
                    ? Optional.of(Address.of(local.getAddress()))
                    : Optional.empty();
        } catch (IOException noRoute) {
            return Optional.empty();
        }
    }

    /** The claim of a packet to this address of the server; empty when none fits, so that none is to be sent there. */
    Optional<AddressClaim> claim(InetAddress server) throws IOException {
        boolean overIpv4 = server instanceof Inet4Address;
        Optional<Address> ipv4 = own.stream().filter(Address::isIpv4).findFirst();
        Optional<Address> ipv6 =
                own.stream().filter(address -> !address.isIpv4()).findFirst();
        boolean fits = switch (mode) {
            case OBSERVED -> true;
            case CLAIMED -> !own.isEmpty();
            case EQUAL -> (overIpv4 ? ipv4 : ipv6).isPresent();
            case DUAL -> (overIpv4 ? ipv6 : ipv4).isPresent();
        };
        try {
            return fits ? Optional.of(new AddressClaim(mode, ipv4, ipv6)) : Optional.empty();
        } catch (IllegalArgumentException noUnicast) {
            throw new IOException(
                    "no grant can be for " + own + "; write the right ones into addresses of the profile", noUnicast);
        }
    }
}

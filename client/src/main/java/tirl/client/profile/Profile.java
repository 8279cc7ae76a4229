package tirl.client.profile;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.client.Knock;
import tirl.packet.Address;
import tirl.spa.AddressMode;
import tirl.spa.Invitation;

/**
 * A host that the user knocks at.
 *
 * @param name the user's name for it, and of its file
 * @param host name or address
 * @param port the TCP port that opens
 * @param user whom {@code tirl ssh} logs in as
 * @param lease how long the port stays open, as far as the user knows; {@code tirl keep} renews in time
 * @param proof how to ask
 */
public record Profile(
        String name, String host, int port, Optional<String> user, Optional<Duration> lease, Proof proof) {

    /** What makes the host open. */
    public sealed interface Proof {
        /**
         * A plain sequence.
         *
         * @param pause between two knocks, so that they arrive in order
         */
        record Sequence(List<Knock> knocks, Duration pause) implements Proof {
            public Sequence {
                knocks = List.copyOf(knocks);
            }
        }

        /**
         * One sealed packet (tirl SPA).
         *
         * @param classical packets of suite C instead of H
         * @param services by name; none stands for the device's usual ones
         * @param mode whom grants are for
         * @param addresses that are claimed; none stands for those that this host uses towards the server
         * @param code whether the server wants a one-time code
         * @param answer whether the server may be asked for its sealed answer
         */
        record Spa(
                Identity identity,
                Invitation.Carriers carriers,
                boolean classical,
                List<String> services,
                AddressMode mode,
                List<Address> addresses,
                boolean code,
                boolean answer)
                implements Proof {
            public Spa {
                services = List.copyOf(services);
                addresses = List.copyOf(addresses);
            }
        }
    }
}

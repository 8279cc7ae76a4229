package tirl.client.spa;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import tirl.client.profile.Profile.Proof;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.ServiceId;

/**
 * What is asked of the server.
 *
 * @param kind to open services, to tell only whether they would be opened, or to close them
 * @param services by name; none stands for the device's usual ones
 * @param lasting zero for what the policy gives
 * @param code the one-time code
 */
public record Request(Kind kind, List<String> services, Duration lasting, OptionalInt code) {
    /** What is asked for. */
    public enum Kind {
        OPEN,
        REHEARSE,
        CLOSE
    }

    public Request {
        services = List.copyOf(services);
    }

    /** What the profile asks for without more being said. */
    public static Request of(Kind kind, Proof.Spa spa) {
        return new Request(kind, spa.services(), Duration.ZERO, OptionalInt.empty());
    }

    Exchange.Content content(int grant, AddressClaim claim) {
        List<ServiceId> ids = services.stream().map(ServiceId::of).toList();
        Body.Target target = new Body.Target(ids, grant, code, claim);
        return header -> switch (kind) {
            case OPEN, REHEARSE -> new Body.Open(header, (int) Math.min(lasting.toSeconds(), 0xffff_ffffL), target);
            case CLOSE -> new Body.Close(header, target);
        };
    }

    /** Without the code, which is a secret while it is valid. */
    @Override
    public String toString() {
        return "Request[" + kind + ", " + services + ", " + lasting + "]";
    }
}

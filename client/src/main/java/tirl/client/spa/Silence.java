package tirl.client.spa;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tirl.client.profile.Profile.Proof;
import tirl.spa.Invitation.Carriers;

/** What it can mean that no answer comes: the server says nothing to packets that it cannot open. */
final class Silence {
    private Silence() {}

    static String explain(Proof.Spa spa, Exchange exchange, Instant now) {
        if (exchange.unreachable()) {
            return "the host itself says that nobody is at " + carriers(spa.carriers())
                    + ": tirl does not run there, its [spa] section is missing or has other ports, or the address is another host's";
        }
        String worn = exchange.worn()
                ? "; besides, this device has sent more packets in the last 10 minutes than a server takes: wait a few"
                : "";
        return carriers(spa.carriers())
                + " does not get through to the server, or its answer not back; the device was revoked; "
                + "this clock (" + now.truncatedTo(ChronoUnit.SECONDS)
                + ") is 10 minutes wrong or more; or the host is down"
                + worn;
    }

    static String carriers(Carriers carriers) {
        if (carriers.firstPort() == 0) {
            return "ICMP echo";
        }
        return carriers.firstPort() == carriers.lastPort()
                ? "UDP port " + carriers.firstPort()
                : "UDP ports " + carriers.firstPort() + "-" + carriers.lastPort();
    }
}

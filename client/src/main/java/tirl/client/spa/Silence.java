package tirl.client.spa;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tirl.spa.Invitation.Carriers;

/** What it can mean that no answer comes: the server says nothing to packets that it cannot open. */
final class Silence {
    private Silence() {}

    /**
     * In words.
     *
     * @param unreachable that the host said so of the port; one whose firewall drops nothing says it of tirl's own, too
     * @param worn that more packets were sent than a server takes
     */
    static String explain(Carriers carriers, boolean unreachable, boolean worn, Instant now) {
        String besides = worn
                ? "; besides, this device has sent more packets in the last 10 minutes than a server takes: wait a few"
                : "";
        if (unreachable) {
            return "the host itself says that nobody is at " + carriers(carriers)
                    + ": tirl does not run there, its [spa] section is missing or has other ports, or the address is another host's"
                    + besides;
        }
        return carriers(carriers)
                + " does not get through to the server, or its answer not back; the device was revoked; "
                + "this clock (" + now.truncatedTo(ChronoUnit.SECONDS)
                + ") is 10 minutes wrong or more; or the host is down"
                + besides;
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

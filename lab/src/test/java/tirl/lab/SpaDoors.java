package tirl.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.jr.ob.JSON;

/** A host that opens by SPA, and how somebody gets a device there. */
final class SpaDoors {
    static final int PORT = 62201;
    static final String SERVICES = Doors.service("ssh", "tcp/22") + Doors.service("dns", "udp/53");
    static final String CONFIG = SERVICES + "[spa]\n";

    private SpaDoors() {}

    /** The text of a new invitation to open ssh for a minute. */
    static String invite(Site site, String name, String host, String... options) {
        String[] words = Stream.concat(
                        Stream.of("invite", name, "--service", "ssh", "--for", "1m", "--host", host, "--json"),
                        Arrays.stream(options))
                .toArray(String[]::new);
        Object uri = JSON.std.mapFrom(site.tirl.control(words).orThrow().out()).get("uri");
        return Objects.requireNonNull(uri).toString();
    }

    /** The visitor has the profile "gate" of the device "anna". */
    static void enrol(Site site, Visitor visitor, String host) {
        visitor.told(invite(site, "anna", host), "join", "--as", "gate").orThrow();
    }

    static Site site(String spa) {
        return Site.on(List.of("srv0"), SERVICES + "[spa]\n" + spa);
    }
}

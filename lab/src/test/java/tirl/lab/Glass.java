package tirl.lab;

import java.time.Duration;
import java.util.regex.Pattern;

/** The break-glass section of a site and what the kernel's part of it looks like. */
final class Glass {
    static final String SECTION = section("\"tcp/31001\", \"udp/41007\", \"tcp/22017\"");

    private Glass() {}

    /** Opens ssh for 20 s, two seconds for the knocks, three without a daemon. */
    static String section(String steps) {
        return "[break-glass]\nsequence = [" + steps + "]\nopens = [\"ssh\"]\nfor = \"20s\"\n"
                + "within = \"2s\"\nafter = \"3s\"\n";
    }

    static void knock(Client client, String server) {
        client.syn(server, 31001);
        Await.pause(Site.PACE);
        client.datagram(server, 41007);
        Await.pause(Site.PACE);
        client.syn(server, 22017);
        Await.pause(Site.PACE);
    }

    static void awaitDormant(Site site) {
        Await.until(() -> "a heartbeat; the log:\n" + site.tirl.log(), Site.SOON, () -> isAlive(site));
    }

    /** The daemon is dead or hangs, and the kernel has noticed. */
    static void awaitNoHeartbeat(Site site) {
        Await.until("no heartbeat any more", Duration.ofSeconds(10), () -> !isAlive(site));
    }

    static int size(Site site, String set) {
        String listed = site.network.server().ask("nft", "list", "set", "inet", "tirl", set);
        return (int) Pattern.compile("expires").matcher(listed).results().count();
    }

    private static boolean isAlive(Site site) {
        return size(site, "alive") == 2;
    }
}

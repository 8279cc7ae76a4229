package tirl.cli;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** The text of a first configuration, to be read and changed by a person. */
final class StarterConfig {
    private static final int GLASS_STEPS = 3;
    private static final int STEPS = 4;
    /** Above the ports of well-known services. */
    private static final int FIRST_PORT = 10_000;

    private static final int LAST_PORT = 65_535;

    private StarterConfig() {}

    /**
     * @param joins whether another firewall drops
     * @param random from which the sequence is drawn
     */
    static String text(List<String> interfaces, boolean joins, Random random) {
        String names = interfaces.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
        List<String> ports = random.ints(FIRST_PORT, LAST_PORT + 1)
                .distinct()
                .limit(STEPS + GLASS_STEPS)
                .mapToObj(port -> "\"tcp/" + port + '"')
                .toList();
        String steps = String.join(", ", ports.subList(0, STEPS));
        String glass = String.join(", ", ports.subList(STEPS, STEPS + GLASS_STEPS));
        String mode = joins ? "join" : "guard";
        String why = joins ? "a firewall of this host drops by itself" : "no other firewall here drops by itself";
        return """
                # Written by `tirl init`. Look it over, then: tirl check, tirl serve.
                # All keys: docs/configuration.md. Keep this file secret: who reads it can knock.

                [daemon]
                interfaces = [%s]   # or ["any"]
                state      = "/var/lib/tirl"
                firewall   = "%s"   # %s

                # Shut to everyone as soon as `tirl serve` runs. Sessions that are open go on.
                [[service]]
                name  = "ssh"
                ports = ["tcp/22"]

                # Knock at these ports in this order, for example with: tirl knock HOST PORT PORT PORT PORT
                [[door]]
                name     = "ssh"
                sequence = [%s]
                within   = "15s"
                opens    = ["ssh"]
                for      = "30s"

                # A second way in, by the kernel alone, while the daemon is dead or hangs. Take the # away, and note the
                # sequence where you find it without this host.
                #[break-glass]
                #sequence = [%s]
                #opens    = ["ssh"]
                #for      = "2m"
                """.formatted(names, mode, why, steps, glass);
    }
}

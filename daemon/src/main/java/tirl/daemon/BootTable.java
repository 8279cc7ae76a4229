package tirl.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tirl.config.Config;
import tirl.daemon.log.Log;
import tirl.daemon.trial.AtomicFile;
import tirl.ruleset.GuardRuleset;

/**
 * The table as a file that {@code nft -f} loads when the host starts: it is guarded before the network is up, and
 * break-glass works when the daemon never comes. Always of the confirmed configuration.
 */
public final class BootTable {
    private static final String NAME = "guard.nft";

    private BootTable() {}

    /** Where it is; the unit tirl-guard.service looks there. */
    public static Path in(Path state) {
        return state.resolve(NAME);
    }

    /** A daemon that cannot write it guards all the same. */
    static void write(Config config, Log log) {
        Path file = in(config.state());
        try {
            if (config.firewall() == Config.FirewallMode.IPTABLES) {
                remove(config.state());
                return;
            }
            AtomicFile.makeDirectory(config.state());
            String text =
                    "# Written by tirl at each change of its configuration; loaded at boot by tirl-guard.service.\n"
                            + GuardRuleset.of(config).atBoot();
            if (!Files.exists(file) || !Files.readString(file).equals(text)) {
                AtomicFile.write(file, text);
            }
        } catch (IOException e) {
            log.warning("at the next boot the ports are not shut before tirl runs: " + file + " cannot be written: "
                    + e.getMessage());
        }
    }

    /** Nothing is guarded at the next boot, but by the daemon. */
    public static void remove(Path state) throws IOException {
        Files.deleteIfExists(in(state));
    }
}

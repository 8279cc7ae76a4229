package tirl.linux.iptables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tirl.grant.FirewallException;
import tirl.ruleset.iptables.IptablesRuleset;

/** The programs of one IP version. Over nftables or over its own tables: both understand the same words. */
record Iptables(boolean ipv4, Program list, Program restore) {
    /** The host's own choice between the variants comes first. */
    private static final List<String> VARIANTS = List.of("", "-nft", "-legacy");
    /** Another program may hold the lock of iptables over its own tables. */
    private static final String PATIENCE_SECONDS = "5";

    static Optional<Iptables> find(boolean ipv4) {
        return VARIANTS.stream().flatMap(variant -> of(ipv4, variant).stream()).findFirst();
    }

    /** All that may have something of ours, now or from when the host's choice was another. */
    static List<Iptables> all() {
        List<Iptables> all = new ArrayList<>();
        for (boolean ipv4 : List.of(true, false)) {
            Optional<Iptables> legacy = of(ipv4, "-legacy").filter(_ -> isLegacyInUse(ipv4));
            Optional<Iptables> nft = of(ipv4, "-nft");
            legacy.ifPresent(all::add);
            nft.ifPresent(all::add);
            if (legacy.isEmpty() && nft.isEmpty()) {
                of(ipv4, "").ifPresent(all::add);
            }
        }
        return all;
    }

    /** Has a line for each table; asking the program instead would make them. */
    private static boolean isLegacyInUse(boolean ipv4) {
        try {
            return Files.readAllLines(Path.of("/proc/net", ipv4 ? "ip_tables_names" : "ip6_tables_names"))
                    .contains(IptablesRuleset.TABLE);
        } catch (IOException kernelWithoutThem) {
            return false;
        }
    }

    private static Optional<Iptables> of(boolean ipv4, String variant) {
        String name = (ipv4 ? "iptables" : "ip6tables") + variant;
        Optional<Program> restore = Program.find(name + "-restore");
        return Program.find(name).flatMap(list -> restore.map(found -> new Iptables(ipv4, list, found)));
    }

    String version() throws FirewallException {
        return list.run("asking iptables for its version", "", "-V").strip();
    }

    /** The chains and rules of our table, one a line. */
    List<String> rules() throws FirewallException {
        return list.run("listing the rules", "", "-w", PATIENCE_SECONDS, "-t", IptablesRuleset.TABLE, "-S")
                .lines()
                .map(String::strip)
                .toList();
    }

    /** One transaction: all of it or nothing, and nothing of what it does not name. */
    void restore(String operation, String text) throws FirewallException {
        restore.run(operation, text, "--noflush", "-w", PATIENCE_SECONDS);
    }

    /** Whether the kernel knows what these options of a rule ask for. */
    boolean knows(String options) {
        String chain = IptablesRuleset.PREFIX + "PROBE";
        try {
            restore("probing", "*mangle\n:" + chain + " - [0:0]\n-A " + chain + " " + options + " -j RETURN\nCOMMIT\n");
            restore("probing", "*mangle\n:" + chain + " - [0:0]\n-X " + chain + "\nCOMMIT\n");
            return true;
        } catch (FirewallException unknown) {
            return false;
        }
    }
}

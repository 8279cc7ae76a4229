package tirl.importer;

/** What hosts that had fwknop need: it opened a firewall that drops all else, and was of no use without one. */
final class FirewallChoice {
    /** A line of {@code [daemon]}. */
    static final String TOML = """
            # fwknop lets clients through a firewall that drops the rest, and "join" does the same: leased packets carry a mark that
            # one rule of that firewall accepts. `tirl init --dry-run` shows the rule. Where nothing drops it is the same as "guard".
            firewall = "join"
            """;

    private FirewallChoice() {}
}

package tirl.join;

/** Who is in charge of a chain, in the order in which people are told. */
public enum FirewallKind {
    FIREWALLD("firewalld"),
    UFW("ufw"),
    IPTABLES_LEGACY("iptables (legacy)"),
    IPTABLES_NFT("iptables (over nftables)"),
    NFTABLES("an nftables ruleset");

    private final String title;

    FirewallKind(String title) {
        this.title = title;
    }

    /** How people call it. */
    public String title() {
        return title;
    }
}

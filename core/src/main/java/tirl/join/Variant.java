package tirl.join;

/** Which of the kernel's two rule engines an iptables program works on; a host may use both at once. */
public enum Variant {
    /** iptables over nftables: the tables {@code ip filter} and {@code ip6 filter}. */
    NFT("nft"),
    /** The engine before nftables, which tells nobody when its rules change. */
    LEGACY("legacy");

    private final String suffix;

    Variant(String suffix) {
        this.suffix = suffix;
    }

    /** The program that changes rules, such as {@code ip6tables-legacy}. */
    public String program(boolean ipv6) {
        return (ipv6 ? "ip6tables-" : "iptables-") + suffix;
    }
}

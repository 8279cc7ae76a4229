package tirl.ruleset;

/**
 * The part of the table that sends the connections of single leases elsewhere: maps beside the set of leases, with the
 * same keys. An element of a map does nothing without the lease's own, so a lease is over with that, and the other may
 * last longer: a port that leads elsewhere never opens here for the moment between two timers.
 *
 * <p>It comes with the first configuration that lets fwknop's clients ask for NAT and goes with the table: leases of an
 * earlier configuration lead where they led. The names of maps and sets end in the version of IP.
 */
public final class LeaseNat {
    /** To a port of another machine. */
    public static final String TARGETS = "nat_to";
    /** To another port of this host. */
    public static final String PORTS = "nat_here";
    /** Whom machines see in place of the client. */
    public static final String SENDERS = "nat_as";
    /** Clients in whose place they see this host. */
    public static final String MASQUERADED = "nat_masq";

    public static final String IPV4 = "4";
    public static final String IPV6 = "6";

    private static final String DECLARED = """
            add map inet tirl nat_toV { type ipvV_addr . inet_proto . inet_service : ipvV_addr . inet_service; flags timeout; }
            add map inet tirl nat_hereV { type ipvV_addr . inet_proto . inet_service : inet_service; flags timeout; }
            add map inet tirl nat_asV { type ipvV_addr . inet_proto . inet_service : ipvV_addr; flags timeout; }
            add set inet tirl nat_masqV { type ipvV_addr . inet_proto . inet_service; flags timeout; }
            add set inet tirl nat_usedV { type ipvV_addr . inet_proto . inet_service; flags timeout, dynamic; size 262144; }
            """;

    /** Before the hooks of forwarded services, and before those of others: this is for one client, those are for all. */
    private static final String HOOKS = """
            add chain inet tirl leased_nat { type nat hook prerouting priority dstnat - 1; policy accept; }
            add chain inet tirl leased_source { type nat hook postrouting priority srcnat - 1; policy accept; }
            add chain inet tirl leased_here { type filter hook input priority mangle; policy accept; }
            flush chain inet tirl leased_nat
            flush chain inet tirl leased_source
            flush chain inet tirl leased_here
            """;

    /** What the guard has let pass. A number of a port alone is looked up for one protocol at a time. */
    private static final String TRANSLATIONS = """
            add rule inet tirl leased_nat meta l4proto PROTO fib daddr type local KEY @openV dnat IP to KEY map @nat_toV
            add rule inet tirl leased_nat meta l4proto PROTO fib daddr type local KEY @openV dnat to :KEY map @nat_hereV
            add rule inet tirl leased_source meta l4proto PROTO ct status dnat FIRST @nat_masqV masquerade
            add rule inet tirl leased_source meta l4proto PROTO ct status dnat snat IP to FIRST map @nat_asV
            add rule inet tirl leased_here meta l4proto PROTO ct direction original ct status dnat FIRST @openV update @nat_usedV { KEY timeout FOR }
            """.replace("FOR", CutRules.BOUND_FOR)
            .replace("KEY", "IP saddr . meta l4proto . th dport")
            .replace("FIRST", "IP saddr . meta l4proto . ct original proto-dst");

    /** What a program of this host answers bears the port inside, which may be shut to that client but for this way. */
    private static final String ANSWERS = """
            add rule inet tirl answer ct direction reply ct status dnat accept
            """;

    /**
     * Once the entry of a connection is gone (it was cut, perhaps), the program's next packet must not begin one: that would
     * be between the client and the port inside, and let the client's packets there pass as answers.
     */
    private static final String BEGINNINGS =
            """
            add rule inet tirl answer oif != "lo" meta l4proto . th sport @guarded PEER @nat_usedV meta l4proto tcp BEGINS counter reject with tcp reset
            add rule inet tirl answer oif != "lo" meta l4proto . th sport @guarded PEER @nat_usedV PEER != @openV meta l4proto udp ct state new counter drop
            """.replace("PEER", "IP daddr . meta l4proto . th sport").replace("BEGINS ", CutRules.BEGINS_NOTHING);

    /** The port outside may be one that nothing guards. */
    private static final String MARKS = """
            add rule inet tirl guard meta l4proto PROTO ct direction reply ct status dnat ct original IP saddr . meta l4proto . ct original proto-dst @openV SET
            """;

    private LeaseNat() {}

    static String rules() {
        return versions(DECLARED) + HOOKS + versions(protocols(TRANSLATIONS)) + ANSWERS + versions(BEGINNINGS);
    }

    /** For join mode: what a foreign firewall is to accept that the door has not seen. */
    static String marks(String set) {
        return versions("""
                add rule inet tirl guard fib daddr type local IP saddr . meta l4proto . th dport @openV goto leased
                """ + protocols(MARKS)).replace("SET", set);
    }

    private static String protocols(String text) {
        return text.replace("PROTO", "tcp") + text.replace("PROTO", "udp");
    }

    private static String versions(String text) {
        return text.replace("IP", "ip").replace("V", IPV4)
                + text.replace("IP", "ip6").replace("V", IPV6);
    }
}

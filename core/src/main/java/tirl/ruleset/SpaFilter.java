package tirl.ruleset;

import java.util.Arrays;
import java.util.stream.Collectors;
import tirl.config.Config;
import tirl.spa.Suite;

/**
 * What the kernel lets through for SPA: packets to its ports, and echo requests, of one of the two lengths. A flood of any
 * other length costs the daemon nothing. The lengths of IPv6 hold where no extension header is; packets that have one pass
 * anyhow.
 */
final class SpaFilter {
    private static final int HEADER = 8;

    private SpaFilter() {}

    static String expression(Config.Spa spa) {
        String udp = "(udp and dst portrange " + spa.ports().first() + "-"
                + spa.ports().last() + " and ((ip and " + length("udp[4:2]") + ") or (ip6 and " + length("ip6[4:2]")
                + ")))";
        // The total length less that of IPv4's header, which may have options.
        String icmp = " or (icmp and icmp[0] = 8 and " + length("(ip[2:2] - ((ip[0] & 15) << 2))") + ")";
        String icmp6 = " or (icmp6 and ip6[40] = 128 and " + length("ip6[4:2]") + ")";
        return spa.icmp() ? udp + icmp + icmp6 : udp;
    }

    private static String length(String field) {
        return Arrays.stream(Suite.values())
                .map(suite -> field + " = " + (suite.length() + HEADER))
                .collect(Collectors.joining(" or ", "(", ")"));
    }
}

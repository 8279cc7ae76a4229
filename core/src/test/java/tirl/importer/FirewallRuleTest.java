package tirl.importer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirewallRuleTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /sbin/iptables -A INPUT -s %IP% -p tcp --dport 22 -j ACCEPT                  | + tcp/22
            /usr/sbin/iptables -D INPUT -s %IP% -p tcp --dport 25 -j ACCEPT              | - tcp/25
            iptables -w -I INPUT 1 -s %IP%/32 -p tcp -m tcp --dport 22 -j ACCEPT         | + tcp/22
            iptables -w 5 -I INPUT -p udp --dport 53 -s %IP% -j ACCEPT                   | + udp/53
            iptables -I INPUT 1 -p tcp -s %IP% --dport 21 -m state --state NEW,ESTABLISHED -j ACCEPT | + tcp/21
            iptables -A INPUT -s %IP% -p tcp -m conntrack --ctstate NEW --dport 22 -j ACCEPT | + tcp/22
            iptables -A INPUT -s %IP% -p tcp -m multiport --dports 80,443 -j ACCEPT      | + tcp/443 tcp/80
            iptables -A INPUT -s %IP% -p tcp --dport 22 -m comment --comment knock -j ACCEPT | + tcp/22
            ip6tables -A INPUT -s %IP%/128 -p tcp --dport 22 -j ACCEPT                   | + tcp/22
            ufw allow from %IP% to any port 22                                           | + tcp/22 udp/22
            /usr/sbin/ufw insert 1 allow from %IP% to any port 22 proto tcp              | + tcp/22
            ufw --force delete allow from %IP% to any port 22 proto tcp                  | - tcp/22
            ufw allow proto udp from %IP% to any port 51820                              | + udp/51820
            nft add rule inet filter input ip saddr %IP% tcp dport 22 accept             | + tcp/22
            nft insert rule ip filter INPUT ip saddr %IP% tcp dport 22 counter accept    | + tcp/22
            /sbin/iptables -I INPUT 1 -p tcp -s -d --dport 21 -m state --state NEW -j ACCEPT |
            /sbin/iptables -D INPUT 1                                                    |
            iptables -A INPUT -p tcp --dport 22 -j ACCEPT                                |
            iptables -A INPUT -s 10.0.0.1 -p tcp --dport 22 -j ACCEPT                    |
            iptables -A INPUT -s %IP% -j ACCEPT                                          |
            iptables -A INPUT -s %IP% -p icmp --dport 22 -j ACCEPT                       |
            iptables -A INPUT -s %IP% -p tcp --dport ssh -j ACCEPT                       |
            iptables -A INPUT -s %IP% -p tcp --dport 20:25 -j ACCEPT                     |
            iptables -A INPUT -s %IP% -p tcp --dport 22 -j DROP                          |
            iptables -A FORWARD -s %IP% -p tcp --dport 22 -j ACCEPT                      |
            iptables -A INPUT -i eth0 -s %IP% -p tcp --dport 22 -j ACCEPT                |
            iptables -A INPUT ! -s %IP% -p tcp --dport 22 -j ACCEPT                      |
            iptables -A INPUT -s %IP% -p tcp --dport 22 -j ACCEPT ; logger %IP%          |
            iptables -A INPUT -s %IP% -p tcp --dport 22 -m state --state ESTABLISHED -j ACCEPT |
            iptables -t nat -A INPUT -s %IP% -p tcp --dport 22 -j ACCEPT                 |
            nft add element inet x set { %IP% timeout 30s }                              |
            nft add rule inet filter input ip saddr %IP% tcp dport 22 drop               |
            ufw allow 22                                                                 |
            ufw allow from %IP%                                                          |
            logger open %IP%                                                             |
            ''                                                                           |
            """)
    void parse_commands(String command, String expected) {
        String rule = FirewallRule.parse(command)
                .map(found -> (found.adds() ? "+ " : "- ")
                        + found.ports().stream().map(Object::toString).sorted().collect(Collectors.joining(" ")))
                .orElse(null);
        assertThat(rule).isEqualTo(expected);
    }
}

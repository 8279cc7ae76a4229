package tirl.lab;

import java.util.ArrayDeque;
import java.util.Deque;

/** A firewall that drops by default, as an administrator sets it up with its own tools. */
enum HostFirewall {
    IPTABLES_NFT {
        @Override
        void raise(Running host) {
            iptables(host, "iptables-nft-restore", "ip6tables-nft-restore");
        }

        @Override
        void reload(Running host) {
            raise(host);
        }
    },
    IPTABLES_LEGACY {
        @Override
        void raise(Running host) {
            iptables(host, "iptables-legacy-restore", "ip6tables-legacy-restore");
        }

        @Override
        void reload(Running host) {
            raise(host);
        }
    },
    NFT {
        @Override
        void raise(Running host) {
            host.cell.feed("""
                    flush ruleset
                    table inet host {
                      chain known { tcp dport 443 accept; }
                      chain input {
                        type filter hook input priority filter; policy drop;
                        ct state vmap { established : accept, related : accept, invalid : drop }
                        iifname "lo" accept
                        meta l4proto ipv6-icmp accept
                        jump known
                      }
                    }
                    """, "nft", "-f", "-");
        }

        @Override
        void reload(Running host) {
            raise(host);
        }
    },
    FIREWALLD {
        @Override
        void raise(Running host) {
            firewalld(host, "nftables");
        }

        @Override
        void reload(Running host) {
            host.cell.ask("firewall-cmd", "--reload");
        }
    },
    FIREWALLD_IPTABLES {
        @Override
        void raise(Running host) {
            firewalld(host, "iptables");
        }

        @Override
        void reload(Running host) {
            host.cell.ask("firewall-cmd", "--reload");
        }
    },
    UFW {
        @Override
        void raise(Running host) {
            host.cell.ask("ufw", "--force", "enable");
            // What a reload makes differs a little from what it makes when it is switched on.
            reload(host);
        }

        @Override
        void reload(Running host) {
            host.cell.ask("ufw", "reload");
        }
    };

    private static final String RULES = """
            *filter
            :INPUT DROP [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A INPUT -i lo -j ACCEPT
            -A INPUT -p ICMP -j ACCEPT
            -A INPUT -m conntrack --ctstate INVALID -j DROP
            COMMIT
            """;

    private static final String SAVE = "nft list ruleset; iptables-nft-save; ip6tables-nft-save; ";
    /** firewalld makes chains in an order of chance with iptables; the order of rules in each does matter. */
    private static final String BY_CHAIN =
            "for p in iptables-nft-save ip6tables-nft-save; do for t in filter nat mangle raw security; do echo $t; "
                    + "$p -t $t | grep ^-A | sort -s -k 2,2; done; done; "
                    + "firewall-cmd --permanent --direct --get-all-rules; ";

    private String listing() {
        return switch (this) {
            case IPTABLES_NFT, NFT, FIREWALLD -> SAVE;
            case IPTABLES_LEGACY -> SAVE + "iptables-legacy-save; ip6tables-legacy-save";
            case FIREWALLD_IPTABLES -> BY_CHAIN;
            case UFW -> SAVE + "cd /etc/ufw; cat before.rules before6.rules; stat -c '%n %a %U %G' *";
        };
    }

    abstract void raise(Running host);

    /** Makes its rules anew from its files. */
    abstract void reload(Running host);

    static Running up(HostFirewall kind, Namespace namespace) {
        Running running = new Running(kind, new Cell(namespace));
        try {
            kind.raise(running);
        } catch (LabException e) {
            running.close();
            throw e;
        }
        return running;
    }

    private static void iptables(Running host, String restore4, String restore6) {
        host.cell.feed(RULES.replace("ICMP", "icmp"), restore4);
        host.cell.feed(RULES.replace("ICMP", "ipv6-icmp"), restore6);
    }

    private static void firewalld(Running host, String backend) {
        host.cell.ask(
                "sed",
                "-i",
                "-e",
                "s/^DefaultZone=.*/DefaultZone=drop/",
                "-e",
                "s/^FirewallBackend=.*/FirewallBackend=" + backend + "/",
                "/etc/firewalld/firewalld.conf");
        host.beside.push(host.cell.start("dbus-daemon", "--system", "--nofork", "--nopidfile"));
        Await.until(
                "a message bus",
                Namespace.SOON,
                () -> host.cell.run("test", "-S", "/run/dbus/system_bus_socket").succeeded());
        Background firewalld = host.cell.start("firewalld", "--nofork", "--nopid", "--log-file", "/run/firewalld.log");
        host.beside.push(firewalld);
        Await.until(
                () -> "firewalld runs: " + firewalld.out() + firewalld.err(),
                Namespace.SOON,
                () -> host.cell.run("firewall-cmd", "--state").succeeded());
    }

    /** One of them, running. */
    static final class Running implements AutoCloseable {
        final Cell cell;
        private final HostFirewall kind;
        private final Deque<Background> beside = new ArrayDeque<>();

        private Running(HostFirewall kind, Cell cell) {
            this.kind = kind;
            this.cell = cell;
        }

        void reload() {
            kind.reload(this);
        }

        /** All rules but those of tirl's own table, and the files of firewalls that have some, without packet counts. */
        String everything() {
            return cell.ask("sh", "-c", kind.listing())
                    .replaceAll("(?m)^# (Generated|Completed|Warning).*\\n", "")
                    .replaceAll("(?ms)^table inet tirl \\{.*?^}\\n", "")
                    .replaceAll("\\[\\d+:\\d+]", "[]")
                    .replaceAll("packets \\d+ bytes \\d+", "packets bytes");
        }

        @Override
        public void close() {
            beside.forEach(Background::close);
            cell.close();
        }
    }
}

package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** As {@link Site}, before which a daemon keeps the ports by iptables. */
final class IptablesSite implements AutoCloseable {
    /** What a host may have. */
    enum Kind {
        NFT_IPSET,
        NFT_RULES,
        LEGACY_IPSET,
        LEGACY_RULES;

        boolean hasIpset() {
            return this == NFT_IPSET || this == LEGACY_IPSET;
        }

        IptablesHost host() {
            return IptablesHost.with(this == NFT_IPSET || this == NFT_RULES ? "nft" : "legacy", hasIpset());
        }
    }

    final Network network = Network.create();
    final IptablesHost host;
    final TirlProcess tirl;
    private final EchoService ssh;

    private IptablesSite(IptablesHost host, String foreign, String config) {
        this.host = host;
        ssh = EchoService.listen(network.server(), Site.SSH);
        if (!foreign.isEmpty()) {
            for (String program : List.of("iptables-restore", "ip6tables-restore")) {
                network.server()
                        .run("sh", "-c", "printf '%s' '" + foreign + "' | " + host.program(program))
                        .orThrow();
            }
        }
        tirl = TirlProcess.start(network.server(), List.of("srv0"), "firewall = \"iptables\"\n" + config, host.path());
    }

    static IptablesSite with(Kind kind, String config) {
        return on(kind.host(), config);
    }

    static IptablesSite on(IptablesHost host, String config) {
        return new IptablesSite(host, "", config);
    }

    /** @param rules of somebody else, for both IP versions, in place before the daemon starts */
    static IptablesSite beside(Kind kind, String rules, String config) {
        return new IptablesSite(kind.host(), rules, config);
    }

    String address(String family) {
        return family.equals("ipv6")
                ? network.wire().serverIpv6()
                : network.wire().serverIpv4();
    }

    /** Another command of the program, on this host. */
    Output run(String... words) {
        return network.server()
                .run(Stream.concat(Stream.of("env", host.path(), TirlProcess.launcher()), Stream.of(words))
                        .toArray(String[]::new));
    }

    void iptables(String... words) {
        both(words);
    }

    private String both(String... words) {
        StringBuilder out = new StringBuilder();
        for (String program : List.of("iptables", "ip6tables")) {
            String[] line = Stream.concat(Stream.of(host.program(program)), Stream.of(words))
                    .toArray(String[]::new);
            out.append(network.server().ask(line));
        }
        return out.toString();
    }

    /** All rules of a table. */
    List<String> rules(String table) {
        return both("-t", table, "-S").lines().toList();
    }

    /** Rules of all tables that are not ours. */
    List<String> foreignRules() {
        return Stream.of("mangle", "nat", "filter", "raw")
                .flatMap(table -> rules(table).stream().map(rule -> table + " " + rule))
                .filter(rule -> !rule.contains("TIRL-"))
                .toList();
    }

    String sets() {
        return network.server().ask("/usr/sbin/ipset", "list", "-name");
    }

    void assertOpens(Client client, String family) {
        Await.until(
                () -> "port 22 opens for " + client + "; the daemon's log:\n" + tirl.log(),
                Site.SOON,
                () -> client.connects(address(family), Site.SSH, Site.PROBE));
    }

    void assertShut(Client client, String family) {
        assertThat(client.reach(address(family), Site.SSH, Site.PROBE))
                .as("port 22 for %s", client)
                .isEqualTo(Reach.SILENT);
    }

    void awaitShut(Client client, String family, Duration limit) {
        Await.until(
                () -> "port 22 shuts for " + client,
                limit,
                () -> client.reach(address(family), Site.SSH, Duration.ofMillis(100)) == Reach.SILENT);
    }

    void knock(Client client, String family, int... ports) {
        client.syns(address(family), Site.PACE, ports);
        assertOpens(client, family);
    }

    void awaitLog(String text) {
        Await.until(
                () -> "\"" + text + "\" in the log:\n" + tirl.log(),
                Duration.ofSeconds(10),
                () -> tirl.log().contains(text));
    }

    @Override
    public void close() {
        tirl.close();
        ssh.close();
        network.close();
        host.close();
    }
}

package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tirl.lab.CompiledSite.Kernel;

/** The compiled file: loading it again, taking it away, comparing it; and the single knock of the article. */
@Tag("netns")
class CompileFileTest {
    private static final String WEB = Doors.service("ssh", "tcp/22") + Doors.door("web", "tcp/31600", "for = \"1h\"");
    private static final String[] CLOSES = {"--close", "tcp/31601", "--close", "tcp/31599"};
    private static final Path ARTICLE = ConventionsTest.REPOSITORY.resolve("testdata/compile/article.rules");

    /** The article's own rules, and ours for the same: a browser or telnet opens and closes. */
    @ParameterizedTest
    @ValueSource(strings = {"article", "NFT", "IPTABLES_NFT", "IPTABLES_LEGACY"})
    void singleKnock_opensToTheBrowser_andTheOtherPortsClose(String whose) throws IOException {
        boolean article = whose.equals("article");
        Kernel kernel = article ? Kernel.IPTABLES_NFT : Kernel.valueOf(whose);
        try (CompiledSite site = article ? CompiledSite.empty(kernel) : CompiledSite.load(kernel, WEB, CLOSES)) {
            if (article) {
                site.network.server().ask("iptables-restore", "--noflush", ARTICLE.toString());
            }
            Client client = site.network.client();
            Client stranger = site.network.client();
            assertThat(site.isOpen(client, "ipv4")).isFalse();

            for (int close : new int[] {31601, 31599}) {
                browse(site, client, 31600);
                assertThat(site.isOpen(client, "ipv4")).isTrue();
                assertThat(site.isOpen(stranger, "ipv4")).isFalse();
                client.run("sh", "-c", "echo | timeout 1 telnet " + site.address("ipv4") + " " + close);
                assertThat(site.isOpen(client, "ipv4")).isFalse();
            }
            if (!article) {
                client.syn(site.address("ipv6"), 31600);
                Await.until("open over IPv6", Site.SOON, () -> site.isOpen(client, "ipv6"));
                assertThat(site.isOpen(stranger, "ipv6")).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void loadedTwice_isTheSame_andTakenAwayIsGone_andRulesOfOthersStay(Kernel kernel) throws IOException {
        String config = Doors.plain();
        try (CompiledSite site = CompiledSite.empty(kernel)) {
            Namespace server = site.network.server();
            if (kernel == Kernel.NFT) {
                server.nft(
                        "table inet filter { set s { type ipv4_addr; elements = { 192.0.2.1 }; }\n"
                                + "chain input { type filter hook input priority 0; ip saddr @s accept; tcp dport 9 drop; }; }");
            } else {
                for (String program : kernel.programs()) {
                    server.ask(program, "-t", "mangle", "-A", "PREROUTING", "-p", "tcp", "--dport", "9", "-j", "DROP");
                    server.ask(program, "-A", "INPUT", "-p", "tcp", "--dport", "10", "-j", "DROP");
                }
            }
            String before = site.listed();
            site.compile(config).orThrow();
            site.load(site.rules());
            String once = site.listed();
            site.load(site.rules());

            if (kernel != Kernel.IPTABLES_LEGACY) { // --diff looks by the iptables that is on PATH
                assertThat(site.diff(config))
                        .matches(diff -> diff.exit() == 0 && diff.out().isEmpty());
            }
            Client client = site.network.client();
            client.syns(site.address("ipv4"), Site.PACE, 7000, 9000);
            assertThat(site.isOpen(client, "ipv4")).isFalse();
            client.syns(site.address("ipv4"), Site.PACE, Doors.PLAIN);
            Await.until("open after a second load", Site.SOON, () -> site.isOpen(client, "ipv4"));
            if (kernel != Kernel.NFT) {
                kernel.programs()
                        .forEach(program ->
                                server.ask(program, "-t", "mangle", "-D", "PREROUTING", "-j", "tirl_compiled"));
                assertThat(site.listed()).isEqualTo(once);
            }

            remove(site, kernel);

            assertThat(site.listed().replaceAll("\\s+", " ")).isEqualTo(before.replaceAll("\\s+", " "));
            assertThat(site.isOpen(site.network.client(), "ipv4")).isTrue();
        }
    }

    /** With the commands that stand in the file. */
    private static void remove(CompiledSite site, Kernel kernel) throws IOException {
        if (kernel == Kernel.NFT) {
            String command = Files.readAllLines(site.rules()).stream()
                    .filter(line -> line.startsWith("# Remove:"))
                    .map(line -> line.substring("# Remove:".length()))
                    .collect(Collectors.joining());
            site.network.server().ask("sh", "-c", command);
            return;
        }
        String command = Files.readAllLines(site.rules()).stream()
                .filter(line -> line.startsWith("#! "))
                .map(line -> line.substring("#! ".length()))
                .collect(Collectors.joining("\n"));
        String suffix = kernel == Kernel.IPTABLES_LEGACY ? "legacy" : "nft";
        site.network
                .server()
                .ask(
                        "sh",
                        "-c",
                        command.replace("in iptables ip6tables", "in iptables-" + suffix + " ip6tables-" + suffix));
    }

    @ParameterizedTest
    @EnumSource(
            value = Kernel.class,
            names = {"NFT", "IPTABLES_NFT"})
    void diff_showsWhatWouldChange_andChangesNothing(Kernel kernel) throws IOException {
        String config = Doors.plain();
        try (CompiledSite site = CompiledSite.empty(kernel)) {
            Output nothingLoaded = site.diff(config);
            assertThat(nothingLoaded.exit()).as("%s", nothingLoaded).isEqualTo(3);
            assertThat(nothingLoaded.out().lines()).isNotEmpty().allMatch(line -> line.startsWith("+"));
            assertThat(site.listed()).doesNotContain("tirl");

            site.compile(config).orThrow();
            site.load(site.rules());
            String before = site.listed();
            Output other = site.diff(config.replace("tcp/8000", "tcp/8001"));

            assertThat(other.exit()).as("%s", other).isEqualTo(3);
            assertThat(other.out().lines().filter(line -> line.contains("8000")))
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("-"));
            assertThat(other.out().lines().filter(line -> line.contains("8001")))
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("+"));
            assertThat(site.listed()).isEqualTo(before);
        }
    }

    @Test
    void compile_whatCannotBe_andFilesOfOthers_areRefused() throws IOException {
        try (CompiledSite site = CompiledSite.empty(Kernel.NFT)) {
            Output hooked = site.compile(Doors.service("ssh", "tcp/22")
                    + Doors.door("hooked", "tcp/7000 tcp/9000", "start = \"touch /tmp/x\""));
            assertThat(hooked.exit()).isEqualTo(1);
            assertThat(hooked.err()).contains("door \"hooked\" runs commands");

            Files.writeString(site.rules(), "flush ruleset\n");
            Output refused = site.compile(Doors.plain());
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("is not from `tirl compile`");
            assertThat(site.rules()).hasContent("flush ruleset\n");
        }
    }

    /** Guarding and opening before destination NAT: a published port of a container is guarded as well. */
    @ParameterizedTest
    @EnumSource(Kernel.class)
    void portThatIsTranslated_isGuardedToo(Kernel kernel) throws IOException {
        String config = Doors.service("web", "tcp/8080") + Doors.door("web", "tcp/7000 tcp/9000", "opens = [\"web\"]");
        try (CompiledSite site = CompiledSite.load(kernel, config)) {
            site.network
                    .server()
                    .nft(
                            "table ip n { chain c { type nat hook prerouting priority dstnat; tcp dport 8080 redirect to :22; }; }");
            Client client = site.network.client();
            String server = site.address("ipv4");
            assertThat(client.reach(server, 8080, Site.PROBE)).isEqualTo(Reach.SILENT);
            assertThat(client.reach(server, Site.SSH, Site.PROBE)).isEqualTo(Reach.OPEN);

            client.syns(server, Site.PACE, 7000, 9000);

            Await.until("the translated port opens", Site.SOON, () -> client.connects(server, 8080, Site.PROBE));
        }
    }

    /** After a load nftables has no leases any more, iptables has; connections go on with both. */
    @ParameterizedTest
    @EnumSource(Kernel.class)
    void loadedAgain_connectionsGoOn_andLeasesAsDocumented(Kernel kernel) throws IOException {
        try (CompiledSite site = CompiledSite.load(kernel, Doors.plain())) {
            Client client = site.network.client();
            client.syns(site.address("ipv4"), Site.PACE, Doors.PLAIN);
            Await.until("open", Site.SOON, () -> site.isOpen(client, "ipv4"));
            try (Socket connection = client.connect(site.address("ipv4"), Site.SSH, Site.PROBE)) {
                site.load(site.rules());

                assertThat(site.isOpen(client, "ipv4")).isEqualTo(kernel != Kernel.NFT);
                connection.setSoTimeout(2_000);
                connection.getOutputStream().write(42);
                assertThat(connection.getInputStream().read()).isEqualTo(42);
            }
        }
    }

    /** nftables turns late comers away while the set is full; recent forgets the oldest of its 100. */
    @ParameterizedTest
    @EnumSource(Kernel.class)
    void firstKnocksOfManySources_areBounded(Kernel kernel) throws IOException {
        String config = "[limits]\nhalf-done = 16\n" + Doors.service("ssh", "tcp/22")
                + Doors.door("quick", "tcp/7000 tcp/9000", "within = \"4s\"");
        try (CompiledSite site = CompiledSite.load(kernel, config)) {
            String server = site.address("ipv4");
            Client honest = site.network.client();
            if (kernel != Kernel.NFT) {
                honest.syn(server, 7000);
            }
            for (int i = 0; i < (kernel == Kernel.NFT ? 16 : 100); i++) {
                site.network.client().syn(server, 7000);
            }
            if (kernel == Kernel.NFT) {
                honest.syn(server, 7000);
            }
            honest.syn(server, 9000);
            assertThat(site.isOpen(honest, "ipv4")).isFalse();

            Await.until("room for the honest one", Duration.ofSeconds(8), () -> {
                honest.syns(server, Site.PACE, 7000, 9000);
                return site.isOpen(honest, "ipv4");
            });
        }
    }

    private static void browse(CompiledSite site, Client client, int port) {
        client.run("curl", "-s", "--max-time", "0.5", "http://" + site.address("ipv4") + ":" + port);
    }
}

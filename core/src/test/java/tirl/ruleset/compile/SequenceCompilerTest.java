package tirl.ruleset.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tirl.config.Config;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.Hooks;
import tirl.door.ServicePort;
import tirl.packet.Address;
import tirl.packet.Packet;
import tirl.packet.TcpFlags;
import tirl.packet.Transport;
import tirl.recognise.Doors;
import tirl.recognise.Frames;
import tirl.recognise.Recognition;
import tirl.recognise.SequenceRecogniser;
import tirl.ruleset.compile.SequenceCompiler.Target;

/** Texts, and what they mean. That kernels take them and keep to them is shown in the lab. */
class SequenceCompilerTest {
    private static final Path GOLDEN = Path.of("..", "testdata", "compile");
    private static final ServicePort CLOSE = new ServicePort(Transport.TCP, 31601);
    private static final Address ALICE = Address.parse("192.0.2.7").orElseThrow();

    @ParameterizedTest
    @CsvSource({"NFT, doors.nft", "IPTABLES, doors.rules"})
    void compile_doorsOfAllKinds_isTheGoldenText(Target target, String file) throws CompileException, IOException {
        FlagCondition fin = new FlagCondition(TcpFlags.FIN, TcpFlags.ACK);
        Config config = Doors.config(List.of(
                Doors.door("ops", "tcp/7012 udp/5160 icmp/echo:64 tcp/6423"),
                Doors.door("back-again", "tcp/9003 tcp/9001 tcp/9003 tcp/9002", FlagCondition.CONNECT, false, true),
                Doors.door("fin", "tcp/9103 tcp/9101", fin, true, true),
                Doors.door("web", "tcp/31600")));
        assertGolden(SequenceCompiler.compile(target, config, List.of(), List.of(CLOSE)), file);
    }

    @ParameterizedTest
    @CsvSource({"NFT, web.nft", "IPTABLES, web.rules"})
    void compile_oneDoorOfSeveral_isTheGoldenText(Target target, String file) throws CompileException, IOException {
        Config config = Doors.config(List.of(Doors.door("ops", "tcp/7012 udp/5160"), Doors.door("web", "tcp/31600")));
        assertGolden(SequenceCompiler.compile(target, config, List.of("web"), List.of(CLOSE)), file);
    }

    /** Run once with {@code -Dtirl.golden=write} after a change that is meant. */
    private static void assertGolden(String text, String file) throws IOException {
        if ("write".equals(System.getProperty("tirl.golden"))) {
            Files.writeString(GOLDEN.resolve(file), text);
        }
        assertThat(text).isEqualTo(Files.readString(GOLDEN.resolve(file)));
    }

    /**
     * The rules against the daemon's recogniser. Each packet goes through them twice, as after the file was loaded twice.
     * Where an attempt may begin while another is under way the rules may open less often, never more.
     */
    @Test
    void rules_onRandomKnocks_openWhatTheDaemonOpens() {
        Random random = new Random(11);
        int compared = 0;
        int openings = 0;
        for (int round = 0; round < 4_000; round++) {
            Config config = Doors.config(List.of(randomDoor("a", random), randomDoor("b", random)));
            Optional<String> text = rules(config);
            if (text.isEmpty()) {
                continue; // the same step twice in a row
            }
            compared++;
            boolean overlaps = config.doors().stream().anyMatch(SequenceCompilerTest::firstStepComesAgain);
            RecentEmulator rules = new RecentEmulator(text.get());
            SequenceRecogniser daemon = new SequenceRecogniser(config, random.nextLong());
            Frames frames = new Frames();
            long nowS = 0;
            for (int i = 0; i < 150; i++) {
                nowS += random.nextInt(4);
                Packet packet = frames.packet(ALICE, PACKETS.get(random.nextInt(PACKETS.size())));
                List<String> expected = openedByDaemon(daemon, packet, nowS);
                List<String> opened = rules.on(packet, nowS);
                List<String> repeated = rules.on(packet, nowS);
                assertThat(opened).as("the packet again").containsAll(repeated);
                if (overlaps) {
                    assertThat(expected).as(text.get()).containsAll(opened);
                } else {
                    assertThat(opened).as(text.get()).containsExactlyInAnyOrderElementsOf(expected);
                }
                openings += opened.size();
            }
        }
        assertThat(compared).isGreaterThan(1_000);
        assertThat(openings).isGreaterThan(1_000);
    }

    private static final List<String> PACKETS = List.of(
            "tcp/1000",
            "tcp/1001",
            "tcp/1002",
            "tcp/1000",
            "tcp/1001",
            "tcp/1002",
            "tcp/1003",
            "tcp/1000:fin",
            "tcp/443",
            "tcp/22",
            "udp/1000",
            "udp/1000",
            "udp/1001",
            "echo/8",
            "echo/8",
            "echo/9",
            "reply/8");

    private static Door randomDoor(String name, Random random) {
        List<String> steps = new ArrayList<>();
        String[] choice = {"tcp/1000", "tcp/1001", "tcp/1002", "udp/1000", "icmp/echo", "icmp/echo:8"};
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            // Mostly TCP: sequences of many transports hardly ever come about by chance.
            steps.add(choice[random.nextInt(random.nextInt(3) == 0 ? choice.length : 3)]);
        }
        return Doors.door(name, String.join(" ", steps), FlagCondition.CONNECT, random.nextBoolean(), true);
    }

    private static boolean firstStepComesAgain(Door door) {
        return door.sequence().stream()
                .skip(1)
                .anyMatch(step -> Reaction.fits(door.sequence().getFirst(), step)
                        || Reaction.fits(step, door.sequence().getFirst()));
    }

    private static Optional<String> rules(Config config) {
        try {
            return Optional.of(SequenceCompiler.compile(Target.IPTABLES, config, List.of(), List.of()));
        } catch (CompileException e) {
            assertThat(e).hasMessageContaining("twice in a row");
            return Optional.empty();
        }
    }

    private static List<String> openedByDaemon(SequenceRecogniser daemon, Packet packet, long nowS) {
        List<String> opened = new ArrayList<>();
        daemon.on(packet, Duration.ofSeconds(nowS).toNanos(), (_, _, recognition) -> {
            if (recognition instanceof Recognition.Recognised recognised) {
                opened.add(recognised.door().name());
            }
        });
        return opened;
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void compile_whatOnlyADaemonCan_isRefusedWithARemedy(Target target) {
        Door plain = Doors.door("plain", "tcp/1 tcp/3");
        Hooks hooks = new Hooks(Optional.of("touch /tmp/x"), Optional.empty(), Optional.empty(), Optional.empty());
        assertRefused(
                target,
                new Door(
                        "hooked",
                        plain.sequence(),
                        plain.within(),
                        plain.opens(),
                        plain.lease(),
                        plain.flags(),
                        true,
                        true,
                        hooks,
                        Optional.empty()),
                "door \"hooked\" runs commands",
                "leave it to the daemon");
        assertRefused(
                target,
                new Door(
                        "once",
                        List.of(),
                        plain.within(),
                        plain.opens(),
                        plain.lease(),
                        plain.flags(),
                        true,
                        true,
                        Hooks.NONE,
                        Optional.of("/x")),
                "door \"once\" uses up a file",
                "leave it to the daemon");
        assertRefused(
                target,
                new Door(
                        "empty",
                        plain.sequence(),
                        plain.within(),
                        List.of(),
                        plain.lease(),
                        plain.flags(),
                        true,
                        true,
                        Hooks.NONE,
                        Optional.empty()),
                "door \"empty\" opens no service");
    }

    @Test
    void iptables_whatItCannotSay_isRefusedWithARemedy_andNftSaysIt() throws CompileException {
        Door plain = Doors.door("plain", "tcp/1 tcp/3");
        Door half = new Door(
                "half",
                plain.sequence(),
                Duration.ofMillis(1_500),
                plain.opens(),
                plain.lease(),
                plain.flags(),
                true,
                true,
                Hooks.NONE,
                Optional.empty());
        Door touchy = Doors.door("touchy", "tcp/1 tcp/3", FlagCondition.CONNECT, true, false);
        Door twice = Doors.door("twice", "icmp/echo icmp/echo:8 tcp/3");

        assertRefused(Target.IPTABLES, half, "door \"half\" has the time 1500ms", "write 2s, or use --to nft");
        assertRefused(Target.IPTABLES, touchy, "door \"touchy\" has tolerate-repeat = false", "use --to nft");
        assertRefused(Target.IPTABLES, twice, "door \"twice\" has icmp/echo:8 twice in a row", "use --to nft");
        String text =
                SequenceCompiler.compile(Target.NFT, Doors.config(List.of(half, touchy, twice)), List.of(), List.of());
        assertThat(text).contains("timeout 1500ms", "a retransmitted SYN spoils it");
    }

    @Test
    void compile_closesThatFitNoDoor_areRefused() {
        Config config = Doors.config(List.of(Doors.door("ops", "tcp/1 tcp/3")));
        assertThatThrownBy(() -> SequenceCompiler.compile(Target.NFT, config, List.of(), List.of(CLOSE)))
                .hasMessageContaining("there is none among [ops]");
        assertThatThrownBy(() -> SequenceCompiler.compile(
                        Target.NFT, Doors.config(List.of(Doors.door("web", "tcp/31601"))), List.of(), List.of(CLOSE)))
                .hasMessageContaining("door \"web\" has tcp/31601 as a step");
        assertThatThrownBy(() -> SequenceCompiler.compile(Target.NFT, config, List.of("opps"), List.of()))
                .hasMessageContaining("there is no door \"opps\"; there are [ops]");
        assertThatThrownBy(() -> SequenceCompiler.compile(Target.NFT, Doors.config(List.of()), List.of(), List.of()))
                .hasMessageContaining("there is no door to compile");
    }

    @ParameterizedTest
    @EnumSource(Target.class)
    void compile_interfacesRangesAndFlagsOfAnyKind_areSaid(Target target) throws CompileException {
        Config any = Doors.config(List.of(
                Doors.door("null", "tcp/10 tcp/30", new FlagCondition(0, 0x3f), true, true),
                Doors.door("all", "tcp/443 tcp/50", FlagCondition.ANY, true, true),
                Doors.door("pong", "icmp/echo-reply udp/7")));
        Config config = new Config(
                new Config.Host(List.of("eth0", "wg0"), any.control(), any.state(), any.firewall()),
                new Config.PortRange(20, 40),
                any.publicPorts(),
                any.services(),
                any.doors(),
                any.limits());

        String text = SequenceCompiler.compile(target, config, List.of(), List.of());

        assertThat(text)
                .contains(
                        target == Target.NFT
                                ? List.of(
                                        "iifname { \"eth0\", \"wg0\" } fib",
                                        "== 0x0 tcp dport 20-40 tcp dport != { 22 }",
                                        "{ 10, 50, 443 }",
                                        "icmp type echo-reply goto")
                                : List.of(
                                        "-i eth0 -m addrtype",
                                        "-i wg0 -m",
                                        "FIN,PSH,RST,SYN,URG NONE --dport 20:40",
                                        "-p tcp --dport 443",
                                        "--icmp-type echo-reply -g"));
    }

    private static void assertRefused(Target target, Door door, String... words) {
        assertThatThrownBy(() -> SequenceCompiler.compile(target, Doors.config(List.of(door)), List.of(), List.of()))
                .isInstanceOf(CompileException.class)
                .hasMessageContainingAll(words);
    }
}

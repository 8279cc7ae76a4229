package tirl.linux.namespace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tirl.door.ServicePort;
import tirl.grant.FirewallException;
import tirl.grant.Nat;
import tirl.grant.Opening;
import tirl.grant.TimedOpening;
import tirl.linux.firewall.NftablesFirewall;
import tirl.linux.firewall.TableWatch;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.Poller;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.ruleset.GuardRuleset;

/**
 * Child program: does to the firewall what each line says, and answers "done ..." or "failed ...". Its arguments are the
 * addresses of this host; without any, all addresses are.
 */
public final class FirewallProgram {
    private static final int BENCH_ROUNDS = 5000;

    private FirewallProgram() {}

    public static void main(String[] arguments) throws IOException, FirewallException {
        List<Address> local = Stream.of(arguments)
                .map(address -> Address.parse(address).orElseThrow())
                .toList();
        try (NftablesFirewall firewall = new NftablesFirewall(
                        (high, low) -> local.isEmpty() || local.contains(new Address(high, low)), () -> {});
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("ready");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                try {
                    System.out.println("done " + run(firewall, line.split(" ")));
                } catch (FirewallException refused) {
                    System.out.println("failed " + refused.getMessage());
                }
            }
        }
    }

    private static String run(NftablesFirewall firewall, String... words) throws FirewallException {
        List<String> rest = Arrays.asList(words).subList(1, words.length);
        switch (words[0]) {
            case "install" ->
                firewall.install(new GuardRuleset(rest.stream()
                        .map(port -> new ServicePort(Transport.TCP, Integer.parseInt(port)))
                        .collect(Collectors.toCollection(TreeSet::new))));
            case "install-nat" -> firewall.install(new GuardRuleset(new TreeSet<>()).withNat(true));
            case "lead" ->
                firewall.open(List.of(new TimedOpening(
                        opening(words[1], Integer.parseInt(words[2])),
                        Duration.ofMillis(Long.parseLong(words[3])),
                        "ops",
                        Nat.parse(words[4]))));
            case "uninstall" -> firewall.uninstall();
            case "open" ->
                firewall.open(List.of(new TimedOpening(
                        opening(words[1], Integer.parseInt(words[2])),
                        Duration.ofMillis(Long.parseLong(words[3])),
                        words[4])));
            case "fill" -> firewall.open(many(Integer.parseInt(words[1])));
            case "clear" ->
                firewall.close(many(Integer.parseInt(words[1])).stream()
                        .map(TimedOpening::opening)
                        .toList());
            case "close" ->
                firewall.close(Stream.of(words[1].split(","))
                        .map(address -> opening(address, Integer.parseInt(words[2])))
                        .toList());
            case "connections" -> connect(words[1], words[2], Integer.parseInt(words[3]));
            case "cut" -> {
                return cut(firewall, Integer.parseInt(words[2]), words[1].split(","));
            }
            case "watched" -> {
                return watched(firewall, Integer.parseInt(words[1]));
            }
            case "count" -> {
                return "count " + firewall.openings().size();
            }
            case "list" -> {
                return firewall.openings().stream()
                        .map(each ->
                                each.opening().source() + " " + each.opening().port() + " " + each.label() + " "
                                        + each.left().toSeconds()
                                        + each.nat().map(nat -> " to " + nat).orElse(""))
                        .sorted()
                        .collect(Collectors.joining(", "));
            }
            default -> {
                return bench(firewall);
            }
        }
        return words[0];
    }

    /** Opens so many, each by itself and while nobody reads events; then somebody takes everything away. */
    private static String watched(NftablesFirewall firewall, int count) throws FirewallException {
        AtomicInteger gone = new AtomicInteger();
        try (Poller poller = new Poller();
                TableWatch _ = firewall.watch(poller, gone::incrementAndGet, () -> {})) {
            for (TimedOpening each : many(count)) {
                firewall.open(List.of(each));
            }
            poller.poll(0);
            int before = gone.get();
            firewall.uninstall();
            poller.poll(0);
            return "gone " + before + " times, then " + gone.get();
        } catch (LibcException failure) {
            throw new FirewallException("watching: " + failure.getMessage(), failure);
        }
    }

    private static Opening opening(String address, int port) {
        return new Opening(Address.parse(address).orElseThrow(), new ServicePort(Transport.TCP, port));
    }

    private static List<TimedOpening> many(int count) {
        List<TimedOpening> openings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Opening opening = new Opening(Address.ofIpv4(0x0b00_0000 + i), new ServicePort(Transport.TCP, 22));
            openings.add(new TimedOpening(opening, Duration.ofHours(1), "fill"));
        }
        return openings;
    }

    /** Makes that many entries of conntrack, to as many UDP ports from 5000 on. */
    private static void connect(String from, String to, int count) throws FirewallException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
            for (int i = 0; i < count; i++) {
                channel.send(ByteBuffer.allocate(1), new InetSocketAddress(InetAddress.ofLiteral(to), 5000 + i));
            }
        } catch (IOException failure) {
            throw new FirewallException("connecting: " + failure.getMessage(), failure);
        }
    }

    /** The number of connections that were cut, and the milliseconds that took. */
    private static String cut(NftablesFirewall firewall, int port, String... sources) throws FirewallException {
        List<Opening> openings = Stream.of(sources)
                .map(source -> new Opening(Address.parse(source).orElseThrow(), new ServicePort(Transport.UDP, port)))
                .toList();
        long start = System.nanoTime();
        CompletableFuture<Map<Opening, Integer>> result = firewall.cut(openings);
        double returned = (System.nanoTime() - start) / 1e6;
        Map<Opening, Integer> cut = result.join();
        double millis = (System.nanoTime() - start) / 1e6;
        return "cut " + cut.values().stream().mapToInt(Integer::intValue).sum() + " in "
                + String.format(Locale.ROOT, "%.2f", millis) + " ms, of which the caller waits "
                + String.format(Locale.ROOT, "%.3f", returned);
    }

    private static String bench(NftablesFirewall firewall) throws FirewallException {
        long[] nanos = new long[BENCH_ROUNDS];
        for (int i = 0; i < 2 * BENCH_ROUNDS; i++) {
            List<TimedOpening> one = List.of(new TimedOpening(
                    new Opening(Address.ofIpv4(0x0a00_0000 + i % 50), new ServicePort(Transport.TCP, 22)),
                    Duration.ofMinutes(1),
                    "ops"));
            long start = System.nanoTime();
            firewall.open(one);
            nanos[i % BENCH_ROUNDS] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return "median " + nanos[BENCH_ROUNDS / 2] / 1000.0 + " us, p95 " + nanos[BENCH_ROUNDS * 95 / 100] / 1000.0
                + " us";
    }
}

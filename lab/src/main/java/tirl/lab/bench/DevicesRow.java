package tirl.lab.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import tirl.spa.Suite;

/** What a bad packet costs a daemon with many devices of tirl SPA. */
final class DevicesRow implements Row {
    /** So fast that ours takes them in batches: what remains is what a packet costs. */
    private static final Windows.Load FLOOD = new Windows.Load(40_000, 20_000, 10_000);

    @Override
    public String name() {
        return "devices";
    }

    @Override
    public void measure(Report report, Scale scale) {
        List<Host> hosts = new ArrayList<>();
        try {
            for (int count : scale.whole() ? new int[] {1, 100, 10_000} : new int[] {1, 1_000}) {
                hosts.add(Host.with(count));
            }
            measure(report, hosts, "noise", (_, random) -> noise(random));
            measure(report, hosts, "a live token and a wrong check", Host::overheard);
            for (Host host : hosts) {
                Gate gate = host.spa().gate();
                report.note(
                        "%,d devices refused: %,d had no live token, %,d a wrong check",
                        host.devices(), gate.counter("spa", "token"), gate.counter("spa", "check"));
            }
        } finally {
            hosts.reversed().forEach(Host::close);
        }
    }

    /** A daemon with so many devices, on a host of its own. */
    private record Host(int devices, Stage stage, Ours.Spa spa) implements AutoCloseable {
        static Host with(int devices) {
            Stage stage = Stage.set();
            try {
                return new Host(devices, stage, Ours.spa(stage, devices));
            } catch (RuntimeException e) {
                stage.close();
                throw e;
            }
        }

        /** What somebody makes of packets that he saw on their way, before they came. */
        Supplier<byte[]> overheard(Random random) {
            int count = Math.min(BadPackets.FRAMES, devices * SpaDevices.PACKETS_EACH);
            List<byte[]> packets = spa.devices().packets(count, Suite.C);
            packets.forEach(packet -> packet[packet.length - 1] ^= 1);
            return () -> packets.get(random.nextInt(packets.size()));
        }

        @Override
        public void close() {
            try (stage) {
                spa.close();
            }
        }
    }

    private static void measure(
            Report report, List<Host> hosts, String bad, BiFunction<Host, Random, Supplier<byte[]>> packets) {
        List<Windows.Receiver> receivers = hosts.stream()
                .map(host -> BadPackets.towards(
                        host.stage(), host.spa().gate(), packets.apply(host, new Random(Stage.SEED))))
                .toList();
        List<Windows> measured = Windows.inTurn(receivers, FLOOD);
        for (int i = 0; i < hosts.size(); i++) {
            Host host = hosts.get(i);
            BadPackets.note(report, host.spa().gate(), host.devices(), FLOOD, measured.get(i));
            beside(
                    report,
                    host.devices(),
                    bad,
                    measured.get(i).micros(),
                    measured.getFirst().micros());
        }
    }

    private static void beside(Report report, int count, String bad, double micros, double ofOne) {
        report.atMost(
                String.format(Locale.ROOT, "%,d devices, %s, 10,000/s, tirl SPA, beside one", count, bad),
                micros / ofOne,
                "x",
                1.5,
                Figures.number(micros) + " us");
    }

    private static Supplier<byte[]> noise(Random random) {
        return () -> {
            byte[] octets = new byte[Suite.C.length()];
            random.nextBytes(octets);
            return octets;
        };
    }
}

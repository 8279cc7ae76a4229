package tirl.linux.namespace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tirl.linux.capture.CaptureException;
import tirl.linux.capture.CaptureListener;
import tirl.linux.capture.Captures;
import tirl.linux.libc.Poller;
import tirl.linux.network.NetworkWatch;
import tirl.packet.Address;
import tirl.packet.DecodeOutcome;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;
import tirl.ruleset.CaptureFilter;

/**
 * Child program: hears the interfaces that are its arguments and writes a line for each UDP packet and each event. Takes
 * the commands {@code local ADDRESS}, {@code filter TEXT}, {@code statistics} and {@code turns}.
 */
public final class CaptureProgram {
    private CaptureProgram() {}

    private static final Queue<String> COMMANDS = new ConcurrentLinkedQueue<>();

    public static void main(String[] arguments) throws IOException, CaptureException {
        Poller poller = new Poller();
        NetworkWatch network = new NetworkWatch(poller);
        Packet packet = new Packet();
        PacketDecoder decoder = new PacketDecoder(packet);
        Captures captures = new Captures(
                poller,
                network,
                List.of(arguments),
                (memory, offset, captured, link) -> {
                    DecodeOutcome outcome = decoder.decode(memory, offset, captured, link);
                    System.out.println("frame " + link + " " + outcome + " " + packet.source() + " "
                            + packet.destination() + " " + packet.destinationPort());
                },
                new CaptureListener() {
                    @Override
                    public void opened(String iface) {
                        System.out.println("opened " + iface);
                    }

                    @Override
                    public void lost(String iface, String reason) {
                        System.out.println("lost " + iface + ": " + reason);
                    }
                });
        captures.filter(new CaptureFilter("udp dst portrange 7000-7099"));
        System.out.println("ready");
        Thread.ofPlatform().daemon().start(() -> readCommands(poller));
        for (long turns = 1; ; turns++) {
            poller.poll(-1);
            for (String command = COMMANDS.poll(); command != null; command = COMMANDS.poll()) {
                answer(command, network, captures, turns);
            }
        }
    }

    private static void answer(String command, NetworkWatch network, Captures captures, long turns)
            throws CaptureException {
        String[] words = command.split(" ", 2);
        switch (words[0]) {
            case "local" -> {
                Address address = Address.parse(words[1]).orElseThrow();
                System.out.println("local " + network.isLocal(address.high(), address.low()));
            }
            case "filter" -> {
                try {
                    captures.filter(new CaptureFilter(words[1]));
                    System.out.println("filter set");
                } catch (CaptureException bad) {
                    System.out.println("filter refused: " + bad.getMessage());
                }
            }
            case "statistics" -> System.out.println("statistics " + captures.statistics());
            default -> System.out.println("turns " + turns);
        }
    }

    private static void readCommands(Poller poller) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                COMMANDS.add(line);
                poller.wakeUp();
            }
        } catch (IOException ended) {
            System.out.println("commands ended: " + ended);
        }
    }
}

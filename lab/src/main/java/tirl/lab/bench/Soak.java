package tirl.lab.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tirl.lab.Client;
import tirl.lab.RawFrames;
import tirl.lab.Volley;

/**
 * A long run of honest and hostile packets mixed, from a seed: at its end nothing may have leaked and nothing may have
 * been lost. Variables: MINUTES (30), SEED, RATE (hostile packets a second, 3000).
 */
public final class Soak {
    private static final int CLIENTS = 220;
    private static final int HOSTILE = 60_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long GLANCE_NS = 2_000_000;
    private static final long RELOAD_EVERY_MS = 15_000;
    /** In a short run the middle is still the warm-up of a JVM, whose memory grows; in megabytes. */
    private static final double WARMING_UP = 32;

    private static final double WARM = 12;
    private static final long WARM_UP_NS = TimeUnit.MINUTES.toNanos(10);
    /** How soon the same address may be used again: its lease is long over. */
    private static final long REST_NS = TimeUnit.SECONDS.toNanos(SoakHost.LEASE_SECONDS + 10);

    private final Stage stage;
    private final SoakHost host;
    private final Random random;
    private final List<Client> clients;
    private final long[] usedNs = new long[CLIENTS];
    private final List<String> faults = new ArrayList<>();
    private final Attempts[] attempts = {new Attempts(), new Attempts(), new Attempts()};
    private final AtomicInteger reloads = new AtomicInteger();
    private volatile boolean stopping;
    private volatile String reloadFault = "";
    private int replays;
    private int next;

    private Soak(Stage stage, SoakHost host, long seed) {
        this.stage = stage;
        this.host = host;
        random = new Random(seed);
        clients = Stream.generate(stage.network()::client).limit(CLIENTS).toList();
    }

    public static void main(String[] args) {
        double minutes = Double.parseDouble(variable("MINUTES", "30"));
        long seed = Long.parseLong(variable("SEED", Long.toString(Stage.SEED)));
        int rate = Integer.parseInt(variable("RATE", "3000"));
        System.out.printf("soak: %s minutes, seed %d, %d hostile packets/s%n", minutes, seed, rate);
        boolean good;
        try (Stage stage = Stage.set();
                SoakHost host = new SoakHost(stage)) {
            good = new Soak(stage, host, seed).run((long) (minutes * 60_000_000_000L), rate);
        }
        System.out.println(good ? "soak: GOOD, nothing leaked and nothing was lost" : "soak: BAD");
        System.exit(good ? 0 : 1);
    }

    private static String variable(String name, String otherwise) {
        return Optional.ofNullable(System.getenv(name))
                .filter(text -> !text.isBlank())
                .orElse(otherwise);
    }

    private boolean run(long lengthNs, int rate) {
        long began = System.nanoTime();
        Health middle;
        try (Volley volley = Volley.start(stage.network(), hostile(), (lengthNs / 1_000_000_000 + 600) * rate, rate)) {
            Thread reloader = Thread.ofPlatform().daemon().start(this::reload);
            // Early, as a JVM that has just begun still grows: what the middle is compared with has to be warm.
            until(began + lengthNs / 10);
            crash();
            until(began + lengthNs / 5);
            crash();
            until(began + lengthNs / 2);
            middle = Health.of(host.tirl().handle());
            for (int sixth = 4; sixth <= 6; sixth++) {
                until(began + lengthNs * sixth / 6);
                System.out.println(
                        "after " + sixth + "/6: " + Health.of(host.tirl().handle()));
            }
            if (!volley.alive()) {
                faults.add("the hostile packets ended early");
            }
            stopping = true;
            join(reloader);
        }
        boolean gone = host.forgetsAll();
        Health end = Health.atRest(host.tirl().handle());
        tell(began);
        boolean held = end.isNoWorseThan(middle, lengthNs < WARM_UP_NS ? WARMING_UP : WARM);
        return held && gone && faults.isEmpty() && reloadFault.isEmpty();
    }

    private void tell(long began) {
        String[] kinds = {"sequences", "SPA", "fwknop"};
        for (int i = 0; i < kinds.length; i++) {
            System.out.println("honest " + kinds[i] + ": " + attempts[i] + " opened, "
                    + attempts[i].millis().text("ms"));
        }
        System.out.println("replays that opened nothing: " + replays + "; reloads: " + reloads
                + "; crashes: 2; seconds: " + (System.nanoTime() - began) / 1_000_000_000);
        System.out.println("status: " + Control.ask(host.socket(), "status"));
        faults.forEach(fault -> System.out.println("FAULT: " + fault));
        if (!reloadFault.isEmpty()) {
            System.out.println("FAULT: " + reloadFault);
        }
    }

    private void until(long endNs) {
        while (System.nanoTime() < endNs) {
            honest();
            Pace.millis(50 + random.nextInt(250));
        }
    }

    /** One honest client, and often somebody who heard it. */
    private void honest() {
        int kind = random.nextInt(3);
        byte[][] sent = new byte[1][];
        Knock knock = switch (kind) {
            case 0 -> LatencyRow.SEQUENCE;
            case 1 ->
                Knock.datagram(SoakHost.SPA_PORT, _ -> sent[0] = host.spa().packet());
            default ->
                Knock.datagram(FwknopKeys.PORT, from -> sent[0] = host.keys().packet(from));
        };
        Client client = rested();
        if (isOpen(client)) {
            faults.add(client + " was let in before it knocked");
        }
        int before = attempts[kind].opened();
        attempts[kind].add(stage.attempt(knock, client, PATIENCE_NS));
        if (attempts[kind].opened() == before) {
            faults.add("an honest knock of kind " + kind + " by " + client + " opened nothing");
        }
        byte[] heard = sent[0];
        if (kind == 1 && heard != null) {
            replay(heard);
        } else if (kind == 2 && heard != null) {
            replayFwknop(heard);
        }
    }

    private void replay(byte[] heard) {
        Client thief = rested();
        for (int i = 0; i < 2; i++) {
            thief.datagram(stage.server(), SoakHost.SPA_PORT, heard);
        }
        Pace.millis(20);
        replays++;
        if (isOpen(thief)) {
            faults.add("a replay let " + thief + " in");
        }
    }

    /** A packet of fwknop says itself whom it is for, so what became of its replay only the daemon can tell. */
    private void replayFwknop(byte[] heard) {
        Client thief = rested();
        synchronized (host) {
            long before = Control.counter(host.socket(), "fwknop", "replays");
            thief.datagram(stage.server(), FwknopKeys.PORT, heard);
            long end = System.nanoTime() + PATIENCE_NS;
            while (Control.counter(host.socket(), "fwknop", "replays") == before) {
                if (System.nanoTime() > end) {
                    faults.add("a replay of a fwknop packet was not refused as one");
                    return;
                }
                Pace.millis(2);
            }
            replays++;
        }
    }

    private boolean isOpen(Client client) {
        return stage.attempt((_, _) -> System.nanoTime(), client, GLANCE_NS).isPresent();
    }

    /** An address whose lease is over by now. */
    private Client rested() {
        int index = next;
        next = (next + 1) % CLIENTS;
        if (usedNs[index] != 0) {
            Pace.until(usedNs[index] + REST_NS);
        }
        usedNs[index] = System.nanoTime();
        return clients.get(index);
    }

    /** What was open stays open over a crash. */
    private void crash() {
        Client client = rested();
        if (stage.attempt(LatencyRow.SEQUENCE, client, PATIENCE_NS).isEmpty()) {
            faults.add("a knock before a crash opened nothing");
        }
        long began = System.nanoTime();
        synchronized (host) {
            host.crash();
        }
        boolean lives = System.nanoTime() - began < TimeUnit.SECONDS.toNanos(SoakHost.LEASE_SECONDS / 2);
        if (lives && !isOpen(client)) {
            faults.add("a lease was lost by a crash");
        }
        System.out.println("killed and back after " + (System.nanoTime() - began) / 1_000_000 + " ms");
        // After a kill, fwknop's packets of the second of the start may be old ones and are refused: decision 0034.
        Pace.millis(1_000);
    }

    private void reload() {
        while (!stopping) {
            Pace.millis(RELOAD_EVERY_MS);
            synchronized (host) {
                String answer = Control.ask(host.socket(), "reload");
                if (!answer.contains("true")) {
                    reloadFault = answer;
                }
                reloads.incrementAndGet();
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Noise of every kind from a great many addresses. */
    private List<byte[]> hostile() {
        RawFrames raw = RawFrames.towards(stage.network());
        int first = RawFrames.number("10.128.0.0");
        List<byte[]> frames = new ArrayList<>(HOSTILE);
        for (int i = 0; i < HOSTILE; i++) {
            int source = first + random.nextInt(1 << 20);
            frames.add(
                    switch (random.nextInt(6)) {
                        case 0 -> raw.syn(source, 7000);
                        case 1 -> raw.syn(source, 1 + random.nextInt(65_535));
                        case 2 -> raw.datagram(source, SoakHost.SPA_PORT, noise(random.nextInt(4) == 0 ? 1232 : 144));
                        case 3 -> raw.datagram(source, SoakHost.SPA_PORT, noise(random.nextInt(1400)));
                        case 4 ->
                            raw.datagram(source, FwknopKeys.PORT, host.keys().garbage());
                        default -> raw.datagram(source, 1 + random.nextInt(65_535), noise(random.nextInt(64)));
                    });
        }
        return frames;
    }

    private byte[] noise(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }
}

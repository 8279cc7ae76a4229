package tirl.daemon.fwknop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.daemon.config.FwknopFiles;
import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.log.Log;
import tirl.daemon.spa.Claims;
import tirl.daemon.spa.OpenPorts;
import tirl.daemon.spa.SpaClock;
import tirl.daemon.store.Flushers;
import tirl.daemon.store.Store;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.fwknop.CipherKey;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.Envelope;
import tirl.fwknop.HmacKey;
import tirl.fwknop.NatTarget;
import tirl.fwknop.RequestedPort;
import tirl.fwknop.SealResult;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.SpaRequest;
import tirl.fwknop.access.Networks;
import tirl.fwknop.gate.Callers;
import tirl.fwknop.gate.FwknopGate;
import tirl.grant.Policy;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.pipeline.Pipeline;
import tirl.recognise.Recognisers;

/** fwknop's part of a daemon without the daemon: files and a store on disk, a kernel in memory, clocks that stand still. */
final class FwknopHost implements AutoCloseable {
    static final long NOW_S = 1_795_215_388L;
    static final Address CLIENT = Address.parse("192.0.2.10").orElseThrow();
    static final Address THIEF = Address.parse("192.0.2.66").orElseThrow();
    static final Address SERVER = Address.parse("198.51.100.1").orElseThrow();

    final OpenPorts kernel = new OpenPorts();
    final List<Event> events = new ArrayList<>();
    final List<DoorCommands.Opening> commands = new ArrayList<>();
    final AtomicLong nowS = new AtomicLong(NOW_S);
    Decider decider = (asked, _, then) -> then.accept(asked.decide());
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream said = new PrintStream(written, true, StandardCharsets.UTF_8);
    private final Path directory;
    private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    private @Nullable Running running;
    private int salt;

    record Running(Store store, Claims claims, Predecessor predecessor, FwknopReceiver receiver) {}

    FwknopHost(Path directory) {
        this.directory = directory;
    }

    /** With these files, or those that are there. */
    void start(String conf, String access) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("fwknopd.conf"), conf);
        Files.writeString(directory.resolve("access.conf"), access);
        start(new Store(directory.resolve("state"), () -> 1, _ -> {}));
        settle();
    }

    private void start(Store store) {
        FwknopFiles files = FwknopFiles.read(directory);
        if (!files.isUsable()) {
            throw new IllegalStateException(files.errors());
        }
        Claims claims = new Claims(store, Flushers.INLINE, posted::add);
        Pipeline pipeline =
                new Pipeline(new Recognisers(List.of()), new Policy(Config.Limits.DEFAULT), kernel, new Sink());
        InstantSource wall = () -> Instant.ofEpochSecond(nowS.get());
        SpaClock clock = new SpaClock(() -> nowS.get() * 1_000_000_000L, wall, () -> ZoneOffset.UTC);
        Predecessor predecessor = new Predecessor(clock);
        predecessor.ask(claims);
        FwknopReceiver receiver = new FwknopReceiver(
                decider, new Callers(3), claims, predecessor, pipeline, new Sink(), commands::add, clock);
        receiver.hear(
                new FwknopGate(files.stanzas(), files.conf(), Networks.LOOPBACK, Optional.empty()),
                files.conf(),
                new NatRequests(List.of(), files.nat(FirewallMode.GUARD)));
        running = new Running(store, claims, predecessor, receiver);
    }

    void restart() throws InterruptedException {
        close();
        start(new Store(directory.resolve("state"), () -> 1, _ -> {}));
        settle();
    }

    /** Nobody had the time to say that all is on disk. */
    void restartAfterAKill() throws InterruptedException {
        end();
        start(new Store(directory.resolve("state"), () -> 1, _ -> {}));
        settle();
    }

    Running now() {
        return Optional.ofNullable(running).orElseThrow();
    }

    /** fwknopd left this file. */
    void takeOver(String digestCache) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("digest.cache"), digestCache);
        takeOver();
    }

    /** What is there of it. */
    void takeOver() throws InterruptedException {
        Path file = directory.resolve("digest.cache");
        TakeOver.begin(file, now().claims(), now().predecessor(), nowS.get(), new Log(said, Clock.systemUTC(), false));
        settle();
    }

    /** What the daemon has logged. */
    String log() {
        return written.toString(StandardCharsets.UTF_8);
    }

    void send(byte[] payload, Address source) throws InterruptedException {
        now().receiver().take(payload, source, SERVER);
        settle();
    }

    void settle() throws InterruptedException {
        while (now().claims().counts().waiting() > 0 || !posted.isEmpty()) {
            Runnable next = posted.poll(1, TimeUnit.MILLISECONDS);
            if (next != null) {
                next.run();
            }
        }
    }

    FwknopReceiver.Counts counts() {
        return now().receiver().counts();
    }

    List<String> denials() {
        return events.stream()
                .filter(Event.Denied.class::isInstance)
                .map(Event.Denied.class::cast)
                .map(denied -> denied.source() + " " + denied.door() + ": " + denied.why())
                .toList();
    }

    /** A packet made now by the keys "key" and "hmac". */
    byte[] packet(SpaRequest request) {
        SpaMessage message = new SpaMessage(
                "1234567890123456", "anna", nowS.get(), "3.0.0", request, Optional.empty(), DigestType.SHA256);
        salt++;
        SealResult sealed = Envelope.seal(
                message,
                new CipherKey("key".getBytes(StandardCharsets.US_ASCII), EncryptionMode.CBC),
                Optional.of(new HmacKey("hmac".getBytes(StandardCharsets.US_ASCII), DigestType.SHA256)),
                new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) salt});
        return ((SealResult.Sealed) sealed).text().getBytes(StandardCharsets.US_ASCII);
    }

    static SpaRequest ssh(Address allow) {
        return access(allow, Optional.empty());
    }

    static SpaRequest nat(String host, int port) {
        return access(CLIENT, Optional.of(new NatTarget(host, port, false)));
    }

    static SpaRequest localNat(int port) {
        return access(CLIENT, Optional.of(new NatTarget(SERVER.toString(), port, true)));
    }

    private static SpaRequest access(Address allow, Optional<NatTarget> nat) {
        return new SpaRequest.Access(allow, List.of(new RequestedPort(Transport.TCP, 22)), nat, OptionalInt.empty());
    }

    /** Keeps them all. */
    private final class Sink implements EventSink {
        @Override
        public boolean wantsProgress() {
            return false;
        }

        @Override
        public void accept(Event event) {
            events.add(event);
        }
    }

    @Override
    public void close() {
        if (running != null) {
            running.predecessor().end(running.claims());
        }
        end();
    }

    private void end() {
        if (running != null) {
            running.claims().close();
            running.store().close();
            running = null;
        }
        posted.clear();
    }
}

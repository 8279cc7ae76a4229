package tirl.daemon.spa;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tirl.config.Config;
import tirl.config.Config.PortRange;
import tirl.daemon.store.Flushers;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreException;
import tirl.device.AccessRules;
import tirl.device.Device;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.event.Event;
import tirl.event.EventSink;
import tirl.grant.Policy;
import tirl.linux.reply.Endpoints;
import tirl.packet.Address;
import tirl.packet.Transport;
import tirl.pipeline.Pipeline;
import tirl.recognise.Recogniser;
import tirl.recognise.Recognisers;
import tirl.spa.OpenResult;
import tirl.spa.X25519PrivateKey;
import tirl.spa.gate.Look;

/** A daemon's SPA without the daemon: a real store, a kernel in memory, clocks that stand still. */
final class SpaHost implements AutoCloseable {
    static final int SPA_PORT = 62201;
    static final Address HOME = Address.parse("192.0.2.7").orElseThrow();
    static final Address HOME6 = Address.parse("2001:db8::7").orElseThrow();
    static final long NOW_MS = 1_795_000_000_000L;

    final X25519PrivateKey server = new X25519PrivateKey(seeded(1));
    final List<Device> devices = new ArrayList<>();
    final OpenPorts kernel = new OpenPorts();
    final List<Event> events = new ArrayList<>();
    final List<String> trouble = new ArrayList<>();
    final Sent sent = new Sent();
    final AtomicLong nowNs = new AtomicLong(1);
    final AtomicLong nowMs = new AtomicLong(NOW_MS);
    final Path directory;
    final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    Config config;
    private final Carriers carriers = new Carriers();
    private @Nullable Running running;

    record Running(
            Store store,
            Claims claims,
            BookRegister register,
            Pipeline pipeline,
            SpaReceiver receiver,
            EpochTables epochs) {}

    SpaHost(Path directory) {
        this.directory = directory;
        config = new Config(
                        new Config.Host(List.of("any"), Path.of("/c"), directory, Config.FirewallMode.GUARD),
                        PortRange.ALL,
                        Set.of(),
                        List.of(service("ssh", 22), service("web", 443)),
                        List.of(),
                        Config.Limits.DEFAULT)
                .withSpa(Optional.of(spa(SPA_PORT, false)));
    }

    static Config.Spa spa(int port, boolean icmp) {
        return new Config.Spa(
                new PortRange(port, port), icmp, Optional.empty(), Config.Spa.DEFAULT_SKEW, Optional.empty());
    }

    private static Service service(String name, int port) {
        return new Service(name, List.of(new ServicePort(Transport.TCP, port)));
    }

    private static byte[] seeded(long number) {
        byte[] bytes = new byte[32];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    /** A new device; before {@link #start}. */
    Laptop laptop(String name) {
        return laptop(name, AccessRules.of(List.of("ssh", "web")));
    }

    Laptop laptop(String name, AccessRules rules) {
        Laptop laptop = new Laptop(name, server, rules, 100 + devices.size());
        devices.add(laptop.device);
        return laptop;
    }

    void start() throws StoreException {
        start(new Store(directory, nowNs::get, trouble::add));
    }

    void start(Store store) throws StoreException {
        BookRegister register = new BookRegister(store, server, devices, nowMs.get());
        Claims claims = new Claims(store, Flushers.INLINE, posted::add);
        Recogniser none = new Recognisers(List.of());
        Events sink = new Events();
        Pipeline pipeline = new Pipeline(none, new Policy(config.limits()), kernel, sink);
        Random random = new Random(5);
        Answers answers = new Answers(sent, bytes -> {
            random.nextBytes(bytes);
            return bytes;
        });
        SpaReceiver receiver = new SpaReceiver(
                register,
                SpaHost::agree,
                claims,
                pipeline,
                sink,
                answers,
                new SpaClock(nowNs::get, new Wall(), () -> ZoneOffset.UTC));
        receiver.follow(config);
        register.gate().clockIs(nowMs.get(), nowNs.get());
        running = new Running(
                store,
                claims,
                register,
                pipeline,
                receiver,
                new EpochTables(register, Runnable::run, posted::add, () -> 12));
    }

    Running now() {
        return Optional.ofNullable(running).orElseThrow();
    }

    /** At once. */
    private static boolean agree(Look.Agreement agreement, Consumer<OpenResult> then) {
        then.accept(agreement.open());
        return true;
    }

    /** One packet to the usual port, and whatever comes of it. */
    void knock(Address source, byte[] payload) throws InterruptedException {
        receive(source, SPA_PORT, payload);
        settle();
    }

    void receive(Address source, int port, byte[] payload) {
        now().receiver().on(carriers.udp(source, port, payload), nowNs.get());
    }

    void ping(Address source, int numbers, byte[] payload) throws InterruptedException {
        now().receiver().on(carriers.echo(source, numbers, payload), nowNs.get());
        settle();
    }

    /** Waits for the disk, and does what waited for it. */
    void settle() throws InterruptedException {
        while (now().claims().counts().waiting() > 0 || !posted.isEmpty()) {
            Runnable next = posted.poll(1, TimeUnit.MILLISECONDS);
            if (next != null) {
                next.run();
            }
        }
    }

    /** The clock goes on, or is set, and a second later the daemon has looked at it. */
    void clock(long ms) throws InterruptedException {
        nowMs.set(ms);
        now().register().gate().clockIs(ms, nowNs.get());
        now().epochs().follow(ms);
        settle();
    }

    void later(Duration time) throws InterruptedException {
        nowNs.addAndGet(time.toNanos());
        clock(nowMs.get() + time.toMillis());
    }

    void stop() {
        if (running != null) {
            running.claims().close();
            running.store().close();
            running = null;
        }
        posted.clear();
    }

    List<String> denials() {
        return events.stream()
                .filter(Event.Denied.class::isInstance)
                .map(Event.Denied.class::cast)
                .map(denied -> denied.source() + " " + denied.door() + ": " + denied.why())
                .toList();
    }

    @Override
    public void close() {
        stop();
    }

    /** Asked for milliseconds it makes no object, as the system's. */
    private final class Wall implements InstantSource {
        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs.get());
        }

        @Override
        public long millis() {
            return nowMs.get();
        }
    }

    /** Keeps them all, progress too. */
    private final class Events implements EventSink {
        @Override
        public boolean wantsProgress() {
            return true;
        }

        @Override
        public void accept(Event event) {
            events.add(event);
        }
    }

    /** What would have gone out, each with the way it would have taken. */
    static final class Sent implements AnswerSender {
        final List<Endpoints> ways = new ArrayList<>();
        final List<byte[]> answers = new ArrayList<>();
        int lastNumbers;

        @Override
        public void udp(Endpoints ends, byte[] sealed) {
            ways.add(ends);
            answers.add(sealed);
        }

        @Override
        public void echo(Endpoints ends, int numbers, byte[] sealed) {
            udp(ends, sealed);
            lastNumbers = numbers;
        }
    }
}

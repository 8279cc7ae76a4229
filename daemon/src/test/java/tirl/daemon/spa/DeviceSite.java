package tirl.daemon.spa;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import tirl.config.Config;
import tirl.daemon.control.ControlException;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreException;
import tirl.device.DeviceUse;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.packet.Transport;
import tirl.spa.Body;
import tirl.spa.GateKeys;
import tirl.spa.gate.Admission;
import tirl.spa.gate.PeerBook;
import tirl.spa.gate.SpaGate;

/** The devices of a server with a real store, which can be restarted; its clock and its disk are the test's. */
final class DeviceSite implements AutoCloseable {
    static final long START_MS = Instant.parse("2026-11-21T08:00:00Z").toEpochMilli();

    final Path directory;
    final AtomicLong nowMs = new AtomicLong(START_MS);
    final FakeLeases leases = new FakeLeases();
    final List<String> told = new ArrayList<>();
    private Optional<Path> files = Optional.empty();
    private Store store;
    HandClaims claims;
    Devices devices;
    private DeviceRequests requests;

    DeviceSite(Path directory) throws SpaException, StoreException {
        this(directory, Optional.empty());
    }

    @SuppressWarnings("NullAway.Init") // start sets them
    DeviceSite(Path directory, Optional<Path> files) throws SpaException, StoreException {
        this.directory = directory;
        this.files = files;
        start();
    }

    private void start() throws SpaException, StoreException {
        store = new Store(directory, System::nanoTime, told::add);
        claims = new HandClaims(store);
        try {
            devices = Devices.load(
                    new Surroundings(
                            store,
                            claims,
                            leases,
                            () -> Instant.ofEpochMilli(nowMs.get()),
                            new SecureRandom(),
                            told::add),
                    spa(),
                    SpaGate.Settings.at(nowMs.get()));
        } catch (SpaException | StoreException e) {
            store.close();
            throw e;
        }
        Config config = new Config(
                        new Config.Host(List.of("any"), directory, directory, Config.FirewallMode.GUARD),
                        Config.PortRange.ALL,
                        Set.of(),
                        List.of(service("ssh", 22), service("web", 443)),
                        List.of(),
                        Config.Limits.DEFAULT)
                .withSpa(Optional.of(spa()));
        requests = new DeviceRequests(devices, DeviceSite::call, () -> config);
    }

    private static Service service(String name, int port) {
        return new Service(name, List.of(new ServicePort(Transport.TCP, port)));
    }

    Config.Spa spa() {
        return new Config.Spa(
                Config.Spa.DEFAULT_PORTS, false, Optional.of("gate.example.org"), Config.Spa.DEFAULT_SKEW, files);
    }

    /** What is not on disk now is lost. */
    void restart() throws SpaException, StoreException {
        store.close();
        start();
    }

    static <T> T call(Callable<T> task) throws ControlException {
        try {
            return task.call();
        } catch (ControlException e) {
            throw e;
        } catch (Exception bug) {
            throw new IllegalStateException(bug);
        }
    }

    Object ask(Map<String, Object> request) throws ControlException {
        return requests.answer(request);
    }

    /** The invitation's URI. */
    String invite(String name) throws ControlException {
        return invite(name, Map.of("services", List.of("ssh")));
    }

    String invite(String name, Map<String, Object> rules) throws ControlException {
        return text(ask(Map.of("command", "invite", "name", name, "rules", rules)), "uri");
    }

    String replace(String name) throws ControlException {
        return text(ask(Map.of("command", "device-replace", "name", name)), "uri");
    }

    static String text(Object answer, String key) {
        return String.valueOf(((Map<?, ?>) answer).get(key));
    }

    List<?> exported() throws ControlException {
        Object answer = ask(Map.of("command", "devices-export"));
        return (List<?>) Objects.requireNonNull(((Map<?, ?>) answer).get("devices"));
    }

    /** What `devices` says of one; empty when it is not there. */
    Optional<Map<?, ?>> listed(String name) throws ControlException {
        return ((List<?>) ask(Map.of("command", "devices")))
                .stream()
                        .<Map<?, ?>>map(each -> (Map<?, ?>) each)
                        .filter(each -> name.equals(each.get("name")))
                        .findFirst();
    }

    String state(String name) throws ControlException {
        return listed(name).map(each -> String.valueOf(each.get("state"))).orElse("gone");
    }

    /** A device that has joined. */
    Phone join(String name) throws ControlException {
        Phone phone = new Phone(invite(name));
        hear(phone.register(nowMs.get()));
        return phone;
    }

    /** As the receiver does it, with a policy that grants all. Says what became of the packet. */
    String hear(byte[] packet) {
        Optional<Admission> admission = devices.gate().on(Phone.packet(packet), nowMs.get() * 1_000_000, nowMs.get());
        if (!(admission.orElse(null) instanceof Admission.Admitted admitted)) {
            return admission
                    .map(other -> switch (other) {
                        case Admission.Untimely untimely -> "untimely";
                        case Admission.Refused refused -> "refused " + refused.reason();
                        case Admission.Admitted _ -> "admitted";
                    })
                    .orElse("noise");
        }
        int number = admitted.number();
        return switch (admitted.body()) {
            case Body.Register register -> written("registered", devices.register(number, register.device()));
            case Body.Rotate rotate -> written("rotated", devices.rotate(number, rotate.device()));
            case Body.Open _, Body.Close _ -> {
                DeviceUse use = devices.use(number);
                written(
                        "",
                        Optional.of(devices.admitted(number, new DeviceUse(use.lastCodeStep(), use.grants() + 1, 0))));
                yield "heard " + devices.device(number).orElseThrow().name();
            }
        };
    }

    private String written(String what, Optional<Claim> claim) {
        claim.ifPresent(claims::write);
        return claim.isPresent() ? what : "cannot be";
    }

    String open(Phone phone) {
        return hear(phone.open(nowMs.get()));
    }

    void pass(Duration time) {
        nowMs.addAndGet(time.toMillis());
        devices.expire(nowMs.get());
        // The receiver does it when the epoch turns.
        devices.gate().use(new PeerBook(devices.book()).table(GateKeys.epochOf(nowMs.get()), 7));
    }

    @Override
    public void close() {
        store.close();
    }
}

package tirl.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.config.Config.Limits;
import tirl.config.Config.PortRange;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.Hooks;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.grant.GrantRequest;
import tirl.packet.Address;
import tirl.packet.Transport;

/** What is configured in the crash tests: doors that share a port, one with hooks, one with nothing else. */
final class CrashSite {
    static final List<Address> SOURCES = List.of(
            Address.parse("192.0.2.1").orElseThrow(),
            Address.parse("2001:db8::1").orElseThrow());

    private static final Service SSH = new Service("ssh", List.of(new ServicePort(Transport.TCP, 22)));
    private static final Service WEB =
            new Service("web", List.of(new ServicePort(Transport.TCP, 80), new ServicePort(Transport.UDP, 443)));

    static final Map<String, Door> DOORS = Map.of(
            "brief", door("brief", 20, Hooks.NONE, SSH),
            "long", door("long", 60, Hooks.NONE, SSH, WEB),
            "hooked", door("hooked", 40, hooks("hooked"), SSH),
            "bare", door("bare", 30, hooks("bare")));

    private CrashSite() {}

    private static Hooks hooks(String door) {
        return new Hooks(
                Optional.of("start " + door + " %IP%"),
                Optional.of("stop " + door + " %IP%"),
                Optional.empty(),
                Optional.empty());
    }

    private static Door door(String name, int seconds, Hooks hooks, Service... opens) {
        return new Door(
                name,
                List.of(new Step.Tcp(1)),
                Duration.ofSeconds(1),
                List.of(opens),
                Duration.ofSeconds(seconds),
                FlagCondition.CONNECT,
                true,
                true,
                hooks,
                Optional.empty());
    }

    static GrantRequest request(String door, Address source) {
        Door wanted = DOORS.getOrDefault(door, door(door, 1, Hooks.NONE));
        List<ServicePort> ports = wanted.opens().stream()
                .flatMap(service -> service.ports().stream())
                .toList();
        return new GrantRequest(source, door, ports, wanted.lease());
    }

    static Config config() {
        return new Config(
                new Config.Host(List.of("any"), Path.of("/nonexistent"), Path.of("/nonexistent"), FirewallMode.GUARD),
                PortRange.ALL,
                Set.of(),
                List.of(SSH, WEB),
                List.copyOf(DOORS.values()),
                Limits.DEFAULT);
    }
}

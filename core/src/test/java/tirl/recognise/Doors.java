package tirl.recognise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tirl.config.Config;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.door.Hooks;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.door.Step;
import tirl.packet.Transport;

/** Configurations for tests. */
public final class Doors {
    public static final Service SSH = new Service("ssh", List.of(new ServicePort(Transport.TCP, 22)));

    private Doors() {}

    /** A strict door that tolerates repeats, open within 10 s, for 30 s. The sequence is steps with blanks between. */
    public static Door door(String name, String sequence) {
        return door(name, sequence, FlagCondition.CONNECT, true, true);
    }

    public static Door door(String name, String sequence, FlagCondition flags, boolean strict, boolean repeat) {
        List<Step> steps = new ArrayList<>();
        for (String step : sequence.split(" ", -1)) {
            try {
                steps.add(Notation.step(step));
            } catch (NotationException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return new Door(
                name,
                steps,
                Duration.ofSeconds(10),
                List.of(SSH),
                Duration.ofSeconds(30),
                flags,
                strict,
                repeat,
                Hooks.NONE,
                Optional.empty());
    }

    public static Config config(List<Door> doors) {
        return config(doors, Config.Limits.DEFAULT);
    }

    public static Config config(List<Door> doors, Config.Limits limits) {
        return new Config(
                new Config.Host(
                        List.of("any"),
                        Path.of("/run/tirl/control.sock"),
                        Path.of("/var/lib/tirl"),
                        Config.FirewallMode.GUARD),
                Config.PortRange.ALL,
                Set.of(new ServicePort(Transport.TCP, 443)),
                List.of(SSH),
                doors,
                limits);
    }
}

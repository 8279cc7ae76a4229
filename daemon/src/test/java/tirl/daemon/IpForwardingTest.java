package tirl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.config.Config.FwknopNat;
import tirl.config.Config.Limits;
import tirl.config.Config.PortRange;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.door.Forward;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.packet.Transport;

class IpForwardingTest {
    @TempDir
    private Path settings;

    @Test
    void missing_namesOnlyTheFamiliesThatAreUsedAndOff() throws IOException, NotationException {
        set("net/ipv4/ip_forward", "0");
        set("net/ipv6/conf/all/forwarding", "0");

        assertThat(missing("10.0.0.5:1").getFirst()).contains("`sysctl -w net.ipv4.ip_forward=1`");
        assertThat(missing("[fd00::5]:1").getFirst()).contains("`sysctl -w net.ipv6.conf.all.forwarding=1`");
        assertThat(missing("10.0.0.5:1", "[fd00::5]:1")).hasSize(1);
        assertThat(missing()).isEmpty();
        set("net/ipv4/ip_forward", "1");
        assertThat(missing("10.0.0.5:1")).isEmpty();
    }

    @Test
    void missing_fwknopsClientsMayAskForNat_isTold() throws IOException {
        set("net/ipv4/ip_forward", "0");
        assertThat(missing(config(FwknopNat.FORWARD)))
                .singleElement()
                .asString()
                .contains("NAT for fwknop's clients", "sysctl -w net.ipv4.ip_forward=1`");
        assertThat(missing(config(FwknopNat.LOCAL))).isEmpty();
    }

    private void set(String name, String value) throws IOException {
        Path file = settings.resolve(name);
        Files.createDirectories(file.resolve("..").normalize());
        Files.writeString(file, value + "\n");
    }

    private List<String> missing(String... targets) throws NotationException {
        List<Forward> forwards = new ArrayList<>();
        for (String target : targets) {
            forwards.add(Notation.forward(target));
        }
        Service service = new Service("web", List.of(new ServicePort(Transport.TCP, 8443)), false, forwards, false);
        return missing(config(FwknopNat.NONE).withServices(List.of(service)));
    }

    private List<String> missing(Config config) {
        return IpForwarding.missing(config, settings);
    }

    private static Config config(FwknopNat nat) {
        return new Config(
                        new Config.Host(List.of("any"), Path.of("/c"), Path.of("/s"), FirewallMode.GUARD),
                        PortRange.ALL,
                        Set.of(),
                        List.of(),
                        List.of(),
                        Limits.DEFAULT)
                .withFwknop(Optional.of(new Config.Fwknop(Path.of("/f"), "udp", List.of(), nat)));
    }
}

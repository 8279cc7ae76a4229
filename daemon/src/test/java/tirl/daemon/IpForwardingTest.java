package tirl.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        return IpForwarding.missing(List.of(service), settings);
    }
}

package tirl.lab;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Knocks over a VLAN interface. The kernel has to have CONFIG_VLAN_8021Q, which small virtual machines often lack, so
 * these tests carry a tag of their own that lab/pom.xml leaves out; run them with {@code -Dlab.missing=none}. Tagged
 * frames as such are tested everywhere ({@link KnockTest}).
 */
@Tag("kernel-vlan")
class VlanTest {
    @ParameterizedTest
    @ValueSource(strings = {"srv0", "srv0.40", "any"})
    void knockOverVlan_opens(String captured) {
        try (Network network = Network.create();
                EchoService _ = EchoService.listen(network.server(), Site.SSH)) {
            Wire tagged = network.wire().vlan(40);
            try (TirlProcess tirl = TirlProcess.start(network.server(), List.of(captured), Doors.plain())) {
                for (String server : new String[] {tagged.serverIpv4(), tagged.serverIpv6()}) {
                    Client client = tagged.client();
                    client.syns(server, Site.PACE, Doors.PLAIN);
                    Await.until(
                            () -> "port 22 opens over VLAN 40; the log:\n" + tirl.log(),
                            Site.SOON,
                            () -> client.connects(server, Site.SSH, Site.PROBE));
                }
            }
        }
    }
}

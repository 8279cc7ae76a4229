package tirl.linux.network;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.packet.Address;

class NetworkStateTest {
    private static final int AF_BRIDGE = 7;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MASTER = 10;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_SLAVE_KIND = 4;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;

    private final MessageWriter writer = new MessageWriter(4096);
    private final NetworkState state = new NetworkState();

    @Test
    void newAndDeletedLink_isFollowed() {
        link(NetworkState.RTM_NEWLINK, 0, 5, 1, "eth0", false, "");
        assertThat(apply()).isTrue();
        assertThat(state.linksByName()).isEqualTo(Map.of("eth0", new Link(5, "eth0", true)));
        assertThat(apply()).as("the same again").isFalse();
        link(NetworkState.RTM_DELLINK, 0, 5, 0, "eth0", false, "");
        assertThat(apply()).isTrue();
        assertThat(state.linksByName()).isEmpty();
    }

    @Test
    void portLeavesBridge_linkStays() {
        link(NetworkState.RTM_NEWLINK, 0, 5, 1, "eth0", true, "bridge");
        link(NetworkState.RTM_DELLINK, AF_BRIDGE, 5, 1, "eth0", true, "");
        apply();
        assertThat(state.linksByName()).containsKey("eth0");
        assertThat(state.enslaved().contains(0, 5)).isTrue();
        writer.clear();
        link(NetworkState.RTM_NEWLINK, 0, 5, 1, "eth0", false, "");
        assertThat(apply()).isTrue();
        assertThat(state.enslaved().contains(0, 5)).isFalse();
    }

    @Test
    void memberOfVrf_isNotEnslaved() {
        link(NetworkState.RTM_NEWLINK, 0, 5, 1, "eth0", true, "vrf");
        apply();
        assertThat(state.enslaved().contains(0, 5)).isFalse();
    }

    @Test
    void pointToPointAddress_isTheLocalOne() {
        address(NetworkState.RTM_NEWADDR, 2, 5, new byte[] {10, 0, 0, 2}, new byte[] {10, 0, 0, 1});
        apply();
        assertThat(isLocal("10.0.0.1")).isTrue();
        assertThat(isLocal("10.0.0.2")).isFalse();
    }

    @Test
    void addressOnTwoLinks_isLocalUntilBothAreGone() {
        address(NetworkState.RTM_NEWADDR, 10, 5, new byte[16], new byte[0]);
        address(NetworkState.RTM_NEWADDR, 10, 6, new byte[16], new byte[0]);
        address(NetworkState.RTM_DELADDR, 10, 5, new byte[16], new byte[0]);
        apply();
        assertThat(isLocal("::")).isTrue();
        link(NetworkState.RTM_DELLINK, 0, 6, 0, "eth0", false, "");
        apply();
        assertThat(isLocal("::")).isFalse();
    }

    @Test
    void truncatedOrBrokenMessages_neverThrow() {
        Random random = new Random(2);
        link(NetworkState.RTM_NEWLINK, 0, 5, 1, "eth0", true, "bridge");
        address(NetworkState.RTM_NEWADDR, 2, 5, new byte[] {10, 0, 0, 2}, new byte[] {10, 0, 0, 1});
        try (Arena arena = Arena.ofConfined()) {
            for (int round = 0; round < 20_000; round++) {
                int length = random.nextInt((int) writer.length() + 1);
                MemorySegment bytes =
                        arena.allocate(writer.length()).copyFrom(writer.bytes().asSlice(0, writer.length()));
                for (int i = 0; i < 4; i++) {
                    bytes.set(JAVA_BYTE, random.nextLong(writer.length()), (byte) random.nextInt());
                }
                MessageReader reader = new MessageReader(bytes.asSlice(0, length));
                reader.reset(length);
                while (reader.next()) {
                    boolean _ = state.apply(reader);
                }
            }
        }
        assertThat(state.linksByName()).isNotNull();
    }

    private boolean isLocal(String address) {
        Address parsed = Address.parse(address).orElseThrow();
        return state.addresses().contains(parsed.high(), parsed.low());
    }

    private boolean apply() {
        MessageReader reader = new MessageReader(writer.bytes());
        reader.reset(writer.length());
        boolean changed = false;
        while (reader.next()) {
            changed |= state.apply(reader);
        }
        return changed;
    }

    private void link(int type, int family, int index, int flags, String name, boolean master, String slaveKind) {
        if (writer.length() > 2048) {
            writer.clear();
        }
        writer.beginMessage(type, 0, 0);
        writer.octets(family, 0, 0, 0, index, 0, 0, 0, flags, 0, 0, 0, 0, 0, 0, 0);
        writer.attribute(IFLA_IFNAME, name);
        if (master) {
            writer.attribute(IFLA_MASTER, new byte[] {9, 0, 0, 0});
        }
        if (!slaveKind.isEmpty()) {
            long nest = writer.beginNest(IFLA_LINKINFO);
            writer.attribute(IFLA_INFO_SLAVE_KIND, slaveKind);
            writer.endNest(nest);
        }
        writer.endMessage();
    }

    private void address(int type, int family, int index, byte[] address, byte[] local) {
        writer.beginMessage(type, 0, 0);
        writer.octets(family, 24, 0, 0, index, 0, 0, 0);
        writer.attribute(IFA_ADDRESS, address);
        if (local.length > 0) {
            writer.attribute(IFA_LOCAL, local);
        }
        writer.endMessage();
    }
}

package tirl.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** What a packet carries, read in place. Frames are raw IP. */
class PayloadTest {
    private static final String IPV4 = "45000026000100004011 0000 0a630002 0a630001";
    private static final String UDP = "9c40 1f40 0012 0000";
    private static final String TEN = "0102030405060708 090a";

    private final Packet packet = new Packet();

    private DecodeOutcome decode(String hex) {
        byte[] frame = HexFormat.of().parseHex(hex.replace(" ", ""));
        return new PacketDecoder(packet).decode(MemorySegment.ofArray(frame), 0, frame.length, LinkType.RAW_IP);
    }

    @Test
    void linkPadding_isNoPayload() {
        assertThat(decode(IPV4 + UDP + TEN + "ffffffff")).isEqualTo(DecodeOutcome.DECODED);

        assertThat(packet.payloadCaptured()).isEqualTo(packet.payloadLength()).isEqualTo(10);
        assertThat(packet.payload()).isEqualTo(HexFormat.of().parseHex(TEN.replace(" ", "")));
        assertThat(packet.payloadLong(0)).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(packet.payloadLong(2)).isEqualTo(0x0304_0506_0708_090aL);
        assertThatThrownBy(() -> packet.payloadLong(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> packet.payloadLong(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shortCapture_hasLessAtHandThanTheLength() {
        assertThat(decode(IPV4 + UDP + "0102030405060708")).isEqualTo(DecodeOutcome.DECODED);

        assertThat(packet.payloadLength()).isEqualTo(10);
        assertThat(packet.payloadCaptured()).isEqualTo(8);
        assertThat(packet.payload()).hasSize(8);
    }

    @Test
    void echoRequest_hasAPayloadToo() {
        assertThat(decode("45000026000100004001 0000 0a630002 0a630001" + "0800 0000 0001 0002" + TEN))
                .isEqualTo(DecodeOutcome.DECODED);

        assertThat(packet.payloadLong(0)).isEqualTo(0x0102_0304_0506_0708L);
    }

    @Test
    void newPacket_hasNone() {
        assertThat(packet.payload()).isEmpty();
        assertThatThrownBy(() -> packet.payloadLong(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}

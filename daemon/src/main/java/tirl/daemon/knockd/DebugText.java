package tirl.daemon.knockd;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tirl.packet.Packet;

/** What -D shows of a packet: time, protocol, ends, size. */
final class DebugText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private DebugText() {}

    static String packet(Packet packet) {
        return TIME.format(LocalDateTime.now(ZoneId.systemDefault())) + ": "
                + packet.transport().name().toLowerCase(Locale.ROOT) + ": " + packet.source() + ":"
                + packet.sourcePort() + " -> " + packet.destination() + ":" + packet.destinationPort() + " "
                + packet.payloadLength() + " bytes";
    }
}

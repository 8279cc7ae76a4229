package tirl.linux.namespace;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import tirl.linux.libc.Libc;

/** Child program: sends each line, a frame in hexadecimal digits, out of the interface that is its argument. */
public final class FrameSender {
    private FrameSender() {}

    public static void main(String[] arguments) throws IOException {
        int fd = Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW, 0);
        try (Arena arena = Arena.ofConfined();
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            MemorySegment address = arena.allocate(20, 4); // struct sockaddr_ll
            address.set(JAVA_SHORT, 0, (short) Libc.AF_PACKET);
            address.set(JAVA_INT, 4, Libc.interfaceIndex(arguments[0]));
            System.out.println("ready");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] frame = HexFormat.of().parseHex(line);
                Libc.sendTo(fd, arena.allocateFrom(JAVA_BYTE, frame), frame.length, 0, address);
                System.out.println("sent");
            }
        }
    }
}

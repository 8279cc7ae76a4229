package tirl.linux.namespace;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import tirl.linux.libc.Libc;

/**
 * Child program: makes the tun interface that is its argument, which is gone when the program ends; each line is a
 * packet, in hexadecimal digits, that comes in there.
 */
public final class TunDevice {
    private static final long TUNSETIFF = 0x400454ca;
    private static final short IFF_TUN_NO_PI = 0x1001;
    private static final int O_RDWR = 2;

    private TunDevice() {}

    @SuppressWarnings("restricted")
    public static void main(String[] arguments) throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle open = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("open"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        MethodHandle ioctl = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("ioctl"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                Linker.Option.firstVariadicArg(2));
        try (Arena arena = Arena.ofConfined();
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            int fd = (int) open.invokeExact(arena.allocateFrom("/dev/net/tun"), O_RDWR);
            MemorySegment request = arena.allocate(40, 8); // struct ifreq
            request.setString(0, arguments[0]);
            request.set(JAVA_SHORT, 16, IFF_TUN_NO_PI);
            int result = (int) ioctl.invokeExact(fd, TUNSETIFF, request);
            System.out.println(result == 0 ? "ready" : "TUNSETIFF failed");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Libc.write(fd, arena.allocateFrom(JAVA_BYTE, HexFormat.of().parseHex(line)));
                System.out.println("sent");
            }
        }
    }
}

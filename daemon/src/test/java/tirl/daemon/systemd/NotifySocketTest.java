package tirl.daemon.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.UnixDatagram;

class NotifySocketTest {
    private static final long PROCESS = 42;

    @TempDir
    Path folder;

    @Test
    void pathAndAbstractName_bothGetWhatIsTold() throws LibcException {
        for (String name : new String[] {folder.resolve("notify").toString(), "@tirl-test-" + System.nanoTime()}) {
            try (UnixDatagram receiver = new UnixDatagram();
                    NotifySocket systemd =
                            NotifySocket.of(Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "30000000"), PROCESS)) {
                receiver.bind(name);

                systemd.ready("1 doors");
                systemd.alive("1 doors");
                systemd.alive("2\ndoors");
                systemd.reloading(5_000_000);
                systemd.stopping();

                assertThat(receive(receiver)).isEqualTo("READY=1\nSTATUS=1 doors");
                assertThat(receive(receiver)).isEqualTo("WATCHDOG=1");
                assertThat(receive(receiver)).isEqualTo("WATCHDOG=1\nSTATUS=2 doors");
                assertThat(receive(receiver)).isEqualTo("RELOADING=1\nMONOTONIC_USEC=5000");
                assertThat(receive(receiver)).isEqualTo("STOPPING=1");
            }
        }
    }

    @Test
    void withoutWatchdog_onlyANewStatusIsTold() throws LibcException {
        String name = "@tirl-test-" + System.nanoTime();
        try (UnixDatagram receiver = new UnixDatagram();
                NotifySocket systemd = NotifySocket.of(Map.of("NOTIFY_SOCKET", name), PROCESS)) {
            receiver.bind(name);

            systemd.alive("a");
            systemd.alive("a");
            systemd.stopping();

            assertThat(receive(receiver)).isEqualTo("STATUS=a");
            assertThat(receive(receiver)).isEqualTo("STOPPING=1");
        }
    }

    @ParameterizedTest
    @CsvSource({"30000000,,30000000000", "30000000,42,30000000000", "30000000,43,", "0,,", "x,,", "-5,,"})
    void watchdog_isOursAndANumber(String micros, String process, Long expectedNs) {
        Map<String, String> environment = process == null
                ? Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", micros)
                : Map.of("NOTIFY_SOCKET", "@x", "WATCHDOG_USEC", micros, "WATCHDOG_PID", process);
        try (NotifySocket systemd = NotifySocket.of(environment, PROCESS)) {
            assertThat(systemd.watchdogNs().orElse(null)).isEqualTo(expectedNs);
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "vsock:2:1", "relative", "/nobody/there", "@nobody-there"})
    void nobodyListens_isNoFailure(String name) {
        try (NotifySocket systemd = NotifySocket.of(Map.of("NOTIFY_SOCKET", name), PROCESS)) {
            systemd.ready("x");
            systemd.stopping();
            assertThat(systemd.isConnected()).isEqualTo(name.startsWith("/") || name.startsWith("@"));
        }
    }

    private static String receive(UnixDatagram receiver) throws LibcException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4096);
            long length = receiver.receive(buffer);
            assertThat(length).isNotEqualTo(Libc.WOULD_BLOCK);
            byte[] octets = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
            return new String(octets, StandardCharsets.UTF_8);
        }
    }
}

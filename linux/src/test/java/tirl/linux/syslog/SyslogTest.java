package tirl.linux.syslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tirl.linux.libc.Libc;
import tirl.linux.libc.UnixDatagram;

class SyslogTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneId.of("Europe/Berlin"));

    @TempDir
    Path folder;

    private final List<String> troubles = new ArrayList<>();

    private Syslog syslog() {
        return new Syslog(folder.resolve("log"), "knockd", CLOCK, troubles::add);
    }

    private UnixDatagram receiver() throws IOException {
        UnixDatagram receiver = new UnixDatagram();
        receiver.bind(folder.resolve("log"));
        return receiver;
    }

    private static String receive(UnixDatagram receiver) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(65536);
            long length = receiver.receive(buffer);
            if (length == Libc.WOULD_BLOCK) {
                return "nothing";
            }
            return new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    @Test
    void message_arrivesInTheFormOfSyslog3() throws IOException {
        try (UnixDatagram receiver = receiver();
                Syslog syslog = syslog()) {
            syslog.notice("203.0.113.7: openSSH: OPEN SESAME");
            assertThat(receive(receiver)).isEqualTo("<13>Feb  3 05:05:06 knockd: 203.0.113.7: openSSH: OPEN SESAME");
        }
        assertThat(troubles).isEmpty();
    }

    @Test
    void lineBreakInAMessage_doesNotMakeASecondLine() throws IOException {
        try (UnixDatagram receiver = receiver();
                Syslog syslog = syslog()) {
            syslog.notice("a\n<13>forged\n\n");
            assertThat(receive(receiver)).endsWith("knockd: a <13>forged");
        }
    }

    @Test
    void longMessage_isCut() throws IOException {
        try (UnixDatagram receiver = receiver();
                Syslog syslog = syslog()) {
            syslog.notice("x".repeat(100_000));
            assertThat(receive(receiver)).hasSize(8192);
        }
    }

    @Test
    void missingSocket_isReportedOnceAndFoundWhenItComesBack() throws IOException {
        try (Syslog syslog = syslog()) {
            syslog.notice("one");
            syslog.notice("two");
            assertThat(troubles).singleElement().asString().contains("No such file or directory", "log");
            assertThat(syslog.lost()).isEqualTo(2);
            try (UnixDatagram receiver = receiver()) {
                syslog.notice("three");
                assertThat(receive(receiver)).endsWith("knockd: three");
            }
            syslog.notice("four");
            assertThat(troubles).hasSize(2).last().asString().contains("Connection refused");
            Files.delete(folder.resolve("log"));
            try (UnixDatagram receiver = receiver()) {
                syslog.notice("five");
                assertThat(receive(receiver)).endsWith("knockd: five");
            }
        }
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void receiverThatDoesNotRead_neverHoldsUpTheSender() throws IOException {
        try (UnixDatagram _ = receiver();
                Syslog syslog = syslog()) {
            for (int i = 0; i < 5000; i++) {
                syslog.notice("flood");
            }
            assertThat(syslog.lost()).isPositive();
            assertThat(troubles).hasSize(1);
        }
    }
}

package tirl.linux.libc;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PollerTest {
    private static final int AF_UNIX = 1;

    @Test
    void wakeUp_endsAWaitWithoutLimit() throws LibcException, InterruptedException {
        try (Poller poller = new Poller()) {
            Thread other = Thread.ofPlatform().start(poller::wakeUp);
            poller.poll(-1);
            other.join();
            long start = System.nanoTime();
            poller.poll(50);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(49));
        }
    }

    @Test
    void handlerForgetsAndWatches_theRestGoesOn() throws LibcException {
        try (Poller poller = new Poller()) {
            List<String> ran = new ArrayList<>();
            int first = ready();
            int second = ready();
            int third = ready();
            poller.watch(first, () -> {
                ran.add("first");
                poller.forget(first);
                poller.forget(second);
                poller.watch(third, () -> ran.add("third"));
            });
            poller.watch(second, () -> ran.add("second"));
            for (int i = 0; i < 20; i++) {
                int more = ready();
                poller.watch(more, () -> poller.forget(more));
            }
            poller.poll(0);
            poller.poll(0);
            poller.poll(0);
            assertThat(ran).containsExactly("first", "third", "third");
        }
    }

    @Test
    void descriptorThatStaysInError_restsInsteadOfSpinning() throws LibcException {
        try (Poller poller = new Poller()) {
            // A stream socket that was never connected is hung up for ever.
            int fd = Libc.socket(AF_UNIX, 1, 0);
            int[] runs = {0};
            poller.watch(fd, () -> runs[0]++);
            long end = System.nanoTime() + Duration.ofMillis(1500).toNanos();
            while (System.nanoTime() < end) {
                poller.poll(100);
            }
            assertThat(runs[0]).isBetween(17, 20);
            Libc.close(fd);
        }
    }

    @Test
    void closedWhileWatched_isSaidOnce() throws LibcException {
        try (Poller poller = new Poller()) {
            int fd = ready();
            poller.watch(fd, () -> {});
            Libc.close(fd);
            assertThatThrownBy(() -> poller.poll(0)).hasMessageContaining("closed while being watched");
            poller.poll(0);
        }
    }

    @Test
    void failedCall_tellsOperationAndReason() {
        assertThatThrownBy(() -> Libc.socket(-1, 0, 0))
                .isInstanceOf(LibcException.class)
                .hasMessage("socket: Address family not supported by protocol");
    }

    private static int ready() throws LibcException {
        int fd = Libc.eventfd();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(JAVA_LONG, 1);
            Libc.write(fd, one);
        }
        return fd;
    }
}

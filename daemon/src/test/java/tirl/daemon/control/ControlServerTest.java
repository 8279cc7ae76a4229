package tirl.daemon.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlServerTest {
    @TempDir
    private Path folder = Path.of("/nonexistent");

    private static final ControlRequests ECHO = new ControlRequests() {
        @Override
        public Object answer(Map<String, Object> request) throws ControlException {
            if ("fail".equals(request.get("command"))) {
                throw new ControlException("it went wrong");
            }
            return request;
        }

        @Override
        public void watch(BlockingQueue<Map<String, Object>> queue) {
            queue.add(Map.of("event", "opened"));
            queue.add(Map.of("event", "expired"));
        }

        @Override
        public void unwatch(BlockingQueue<Map<String, Object>> queue) {}
    };

    private Path socket() {
        return folder.resolve("run").resolve("control.sock");
    }

    @Test
    void ask_request_isAnswered() throws Exception {
        try (ControlServer _ = new ControlServer(socket(), ECHO)) {
            assertThat(new ControlClient(socket()).ask(Map.of("command", "x", "n", 5)))
                    .isEqualTo(Map.of("command", "x", "n", 5));
        }
        assertThat(socket()).doesNotExist();
    }

    @Test
    void ask_failingRequest_throwsItsReason() throws Exception {
        try (ControlServer _ = new ControlServer(socket(), ECHO)) {
            assertThatThrownBy(() -> new ControlClient(socket()).ask(Map.of("command", "fail")))
                    .isInstanceOf(ControlException.class)
                    .hasMessage("it went wrong");
        }
    }

    @Test
    void watch_events_comeInOrder() throws Exception {
        List<Object> seen = new ArrayList<>();
        try (ControlServer _ = new ControlServer(socket(), ECHO)) {
            new ControlClient(socket()).watch(event -> {
                seen.add(String.valueOf(event.get("event")));
                return seen.size() < 2;
            });
        }
        assertThat(seen).containsExactly("opened", "expired");
    }

    @Test
    void bind_socket_isForTheOwnerOnlyAndReplacesADeadOne() throws Exception {
        Files.createDirectories(folder.resolve("run"));
        Files.createFile(socket());
        try (ControlServer _ = new ControlServer(socket(), ECHO)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-------");
            try (var files = Files.list(folder.resolve("run"))) {
                assertThat(files).containsExactly(socket());
            }
        }
    }

    @Test
    void serve_garbageAndEndlessLines_isRefusedAndTheServerLives() throws Exception {
        try (ControlServer _ = new ControlServer(socket(), ECHO)) {
            assertThat(raw("no json\n")).contains("no JSON object");
            assertThat(raw("[1,2]\n")).contains("\"ok\":false");
            assertThat(raw("x".repeat(16_777_217))).contains("longer than");
            assertThat(new ControlClient(socket()).ask(Map.of("command", "x"))).isNotNull();
        }
    }

    @Test
    void ask_nobodyThere_saysWhatToDo() {
        assertThatThrownBy(() -> new ControlClient(socket()).ask(Map.of("command", "x")))
                .hasMessageContaining("is `tirl serve` running?");
    }

    private String raw(String text) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** A live connection of a client, and what still comes over it. */
final class Session implements AutoCloseable {
    /** So long must nothing come before we call it silence: a talker sends every 10 ms, TCP repeats after 200 ms. */
    private static final Duration SILENCE = Duration.ofMillis(1_500);

    private final Socket socket;

    private Session(Socket socket) {
        this.socket = socket;
    }

    static Session open(Client client, String to, int port) {
        return new Session(client.connect(to, port, Site.SOON));
    }

    /** Nothing when the port does not answer in time. */
    static Optional<Session> open(Client client, String to, int port, Duration within) {
        try {
            return Optional.of(new Session(client.connect(to, port, within)));
        } catch (LabException silence) {
            return Optional.empty();
        }
    }

    void send() throws IOException {
        socket.getOutputStream().write('c');
    }

    /** The next octet comes in time. */
    void assertHears() throws IOException {
        socket.setSoTimeout((int) Site.SOON.toMillis());
        assertThat(socket.getInputStream().read()).isGreaterThan(0);
    }

    void assertEchoes() throws IOException {
        send();
        assertHears();
    }

    /** What had come by now is read; after that nothing comes any more, though it goes on sending. */
    void assertDead() throws IOException {
        drain();
        for (int i = 0; i < 3; i++) {
            send();
            assertThat(hearsWithin(SILENCE.dividedBy(3)))
                    .as("an octet after the cut")
                    .isFalse();
        }
    }

    private void drain() throws IOException {
        byte[] buffer = new byte[4096];
        while (socket.getInputStream().available() > 0) {
            assertThat(socket.getInputStream().read(buffer)).isPositive();
        }
    }

    private boolean hearsWithin(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException silence) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

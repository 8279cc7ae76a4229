package tirl.client.visit;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.client.profile.ProfileException;

/** One user's way into one host: knocks to each of its addresses, and the connection as soon as the port opens. */
public final class Visit implements AutoCloseable {
    private final String host;
    private final List<InetAddress> addresses;
    private final Approach approach;

    /**
     * To a host.
     *
     * @param host for messages
     * @param approach is closed with the visit
     */
    public Visit(String host, List<InetAddress> addresses, Approach approach) {
        this.host = host;
        this.addresses = List.copyOf(addresses);
        this.approach = approach;
    }

    /**
     * Sends the knock to every address.
     *
     * @throws IOException when it could be sent to none
     */
    public void knock() throws IOException, InterruptedException, ProfileException {
        try {
            approach.knock();
        } catch (IOException failure) {
            throw new IOException("the knock at " + host + " cannot be sent: " + failure.getMessage(), failure);
        }
    }

    /**
     * Knocks, and again every few seconds, until the port answers.
     *
     * @throws IOException when it does not in time, or the host says no; the message says what is known about why
     */
    public SocketChannel connect(int port, Duration patience)
            throws IOException, InterruptedException, ProfileException {
        long deadline = System.nanoTime() + patience.toNanos();
        Race race = new Race(addresses, port);
        while (deadline - System.nanoTime() > 0) {
            knock();
            long again =
                    Math.min(deadline, System.nanoTime() + approach.untilAgain().toNanos());
            for (long left = again - System.nanoTime(); left > 0; left = again - System.nanoTime()) {
                Optional<SocketChannel> connection = race.run(Duration.ofNanos(left), approach.ears());
                if (connection.isPresent()) {
                    return connection.get();
                }
                Optional<String> refusal = approach.refusal();
                if (refusal.isPresent()) {
                    throw new IOException(host + " port " + port + ": " + refusal.get());
                }
            }
        }
        throw new IOException(explanation(port, patience, race.refused()));
    }

    private String explanation(int port, Duration patience, boolean refused) throws IOException, ProfileException {
        String where = host + " port " + port;
        return refused
                ? where + " refuses connections after " + approach.sent()
                        + ": the host answers, but the service does not run, or the port is another"
                : where + " gave no answer within " + patience.toSeconds() + " s after " + approach.sent() + ": "
                        + approach.silence();
    }

    @Override
    public void close() {
        approach.close();
    }
}

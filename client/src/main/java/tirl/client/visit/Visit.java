package tirl.client.visit;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tirl.client.Knock;
import tirl.client.Knocker;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;

/**
 * One user's way into one host: the names resolved once, knocks to each of its addresses, and the connection as soon as
 * the port opens.
 */
public final class Visit {
    /** A lost packet spoils a sequence; after so long without an answer it is sent again. */
    private static final Duration UNTIL_AGAIN = Duration.ofSeconds(3);

    private final Profile profile;
    private final Knocker knocker;
    private final List<InetAddress> addresses;
    private int knocked;

    private Visit(Profile profile, Knocker knocker, List<InetAddress> addresses) {
        this.profile = profile;
        this.knocker = knocker;
        this.addresses = addresses;
    }

    /** Resolves the host: one address of each family is knocked at. */
    public static Visit to(Profile profile, Knocker knocker) throws UnknownHostException {
        InetAddress[] all = InetAddress.getAllByName(profile.host());
        List<InetAddress> chosen = new ArrayList<>();
        for (boolean ipv4 : List.of(false, true)) {
            Stream.of(all)
                    .filter(address -> address instanceof Inet4Address == ipv4)
                    .findFirst()
                    .ifPresent(chosen::add);
        }
        return new Visit(profile, knocker, chosen);
    }

    public List<InetAddress> addresses() {
        return addresses;
    }

    /**
     * Sends the knock to every address.
     *
     * @throws IOException when it could be sent to none
     */
    public void knock() throws IOException, InterruptedException {
        IOException failure = new IOException("no address");
        boolean sent = false;
        for (InetAddress address : addresses) {
            try {
                knockAt(address);
                sent = true;
            } catch (IOException noRoute) {
                failure = noRoute;
            }
        }
        if (!sent) {
            throw new IOException(
                    "the knock at " + profile.host() + " cannot be sent: " + failure.getMessage(), failure);
        }
        knocked++;
    }

    private void knockAt(InetAddress address) throws IOException, InterruptedException {
        switch (profile.proof()) {
            case Proof.Sequence(List<Knock> knocks, Duration pause) -> {
                for (Knock knock : knocks) {
                    knocker.send(address, knock);
                    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                }
            }
        }
    }

    /**
     * Knocks, and again every few seconds, until the port answers.
     *
     * @throws IOException when it does not in time; the message says what is known about why
     */
    public SocketChannel connect(int port, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Race race = new Race(addresses, port);
        for (Duration left = patience; left.isPositive(); left = Duration.ofNanos(deadline - System.nanoTime())) {
            knock();
            Optional<SocketChannel> connection = race.run(left.compareTo(UNTIL_AGAIN) < 0 ? left : UNTIL_AGAIN);
            if (connection.isPresent()) {
                return connection.get();
            }
        }
        throw new IOException(explanation(port, patience, race.refused()));
    }

    private String explanation(int port, Duration patience, boolean refused) {
        String where = profile.host() + " port " + port;
        String tries = knocked == 1 ? "one knock" : knocked + " knocks";
        if (refused) {
            return where + " refuses connections after " + tries
                    + ": the host answers, but the service does not run, or the port is another";
        }
        return where + " gave no answer within " + patience.toSeconds() + " s after " + tries
                + ": the sequence is not right, something on the way drops the knocks, or the host is down; on the host, "
                + "`tirl watch` shows what arrives";
    }
}

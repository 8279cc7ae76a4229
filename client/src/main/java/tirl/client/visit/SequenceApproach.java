package tirl.client.visit;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tirl.client.Knock;
import tirl.client.Knocker;
import tirl.client.profile.Profile.Proof;

/** A plain sequence: it has no answer. */
public final class SequenceApproach implements Approach {
    /** A lost packet spoils a sequence; after so long without an effect it is sent again. */
    private static final Duration UNTIL_AGAIN = Duration.ofSeconds(3);

    private final Proof.Sequence sequence;
    private final Knocker knocker;
    private final List<InetAddress> addresses;
    private int knocked;

    public SequenceApproach(Proof.Sequence sequence, Knocker knocker, List<InetAddress> addresses) {
        this.sequence = sequence;
        this.knocker = knocker;
        this.addresses = List.copyOf(addresses);
    }

    @Override
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
            throw new IOException(failure.getMessage(), failure);
        }
        knocked++;
    }

    private void knockAt(InetAddress address) throws IOException, InterruptedException {
        for (Knock knock : sequence.knocks()) {
            knocker.send(address, knock);
            TimeUnit.NANOSECONDS.sleep(sequence.pause().toNanos());
        }
    }

    @Override
    public Duration untilAgain() {
        return UNTIL_AGAIN;
    }

    @Override
    public List<SelectableChannel> ears() {
        return List.of();
    }

    @Override
    public Optional<String> refusal() {
        return Optional.empty();
    }

    @Override
    public String silence() {
        return "the sequence is not right, something on the way drops the knocks, or the host is down; on the host, "
                + "`tirl watch` shows what arrives";
    }

    @Override
    public String sent() {
        return knocked == 1 ? "one knock" : knocked + " knocks";
    }

    @Override
    public void close() {
        // Each knock has its own socket, which is closed.
    }
}

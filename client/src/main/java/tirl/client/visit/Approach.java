package tirl.client.visit;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.client.profile.ProfileException;

/** How a host is asked to open: a sequence, or a packet that may be answered. */
public interface Approach extends AutoCloseable {
    /**
     * Asks, at every address.
     *
     * @throws IOException when nothing could be sent to any
     */
    void knock() throws IOException, InterruptedException, ProfileException;

    /** After how long without an effect to ask again. */
    Duration untilAgain();

    /** What becomes readable when the host says something. */
    List<SelectableChannel> ears();

    /** The host's no, if it has said so. */
    Optional<String> refusal() throws IOException, ProfileException;

    /** What was sent, and what it can mean that the port stays silent. */
    String silence() throws IOException, ProfileException;

    /** What was sent, such as {@code 2 knocks}. */
    String sent();

    @Override
    void close();
}

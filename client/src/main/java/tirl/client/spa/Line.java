package tirl.client.spa;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.Optional;

/** What one packet goes out through, and what its answer comes back by. One thread uses it. */
public interface Line extends AutoCloseable {
    /** Sends; whether it arrives is not known. */
    void send(byte[] packet) throws IOException;

    /**
     * A datagram that has come back, from anybody perhaps; empty when there is none. Does not wait.
     *
     * @throws java.net.PortUnreachableException when the other side said that nobody is there
     */
    Optional<byte[]> receive() throws IOException;

    /** What becomes readable when there is something; empty when one has to look now and then. */
    Optional<SelectableChannel> ear();

    @Override
    void close();
}

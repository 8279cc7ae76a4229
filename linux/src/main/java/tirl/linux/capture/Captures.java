package tirl.linux.capture;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tirl.linux.libc.Poller;
import tirl.linux.network.NetworkWatch;
import tirl.packet.LinkType;
import tirl.ruleset.CaptureFilter;

/**
 * Hears a list of interfaces, or "any". One that is missing or down is waited for; one that comes back, also as another
 * device of the same name, is heard again. All on the poller's thread.
 */
public final class Captures implements AutoCloseable {
    /** Frames that one interface gives in a turn at most, so that a flood on it cannot starve the others. */
    public static final int TURN = 256;

    private final List<CaptureSource> sources;
    private boolean closed;

    /** Hears headers only. */
    public Captures(
            Poller poller,
            NetworkWatch network,
            List<String> interfaces,
            FrameHandler handler,
            CaptureListener listener)
            throws CaptureException {
        this(poller, network, interfaces, handler, listener, CaptureDepth.HEADERS);
    }

    /** Opens what can be opened; no frame passes before the first {@link #filter}. */
    public Captures(
            Poller poller,
            NetworkWatch network,
            List<String> interfaces,
            FrameHandler handler,
            CaptureListener listener,
            CaptureDepth depth)
            throws CaptureException {
        Libpcap.require();
        sources = interfaces.stream()
                .distinct()
                .map(name -> new CaptureSource(name, poller, network, handler, listener, depth))
                .toList();
        networkChanged();
        network.onChange(this::networkChanged);
    }

    /**
     * Sets the filter on every open interface and every one opened later. A filter that does not compile for one of them
     * changes nothing.
     */
    public void filter(CaptureFilter filter) throws CaptureException {
        Set<LinkType> links = EnumSet.of(LinkType.ETHERNET);
        for (CaptureSource source : sources) {
            LinkType link = source.link();
            if (link != null) {
                links.add(link);
            }
        }
        for (LinkType link : links) {
            Optional<String> problem = FilterCheck.problem(filter, link);
            if (problem.isPresent()) {
                throw new CaptureException("the capture filter does not compile for " + link + ": " + problem.get());
            }
        }
        for (CaptureSource source : sources) {
            source.filter(filter);
        }
    }

    /** Takes what has come, and the steps of a frame also when nothing has; does not wait. */
    public void rehearse() {
        sources.forEach(CaptureSource::rehearse);
    }

    /** One for each interface, in the order given. */
    public List<CaptureStatistics> statistics() {
        return sources.stream().map(CaptureSource::statistics).toList();
    }

    @Override
    public void close() {
        closed = true;
        sources.forEach(CaptureSource::close);
    }

    private void networkChanged() {
        if (!closed) {
            sources.forEach(CaptureSource::networkChanged);
        }
    }
}

package tirl.client.spa;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tirl.client.profile.Identity;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.spa.AddressClaim;

/**
 * One request, sent to each address of the server, again and again in fresh packets until it is answered. All its packets
 * have one grant id: the grants of IPv4 and IPv6 are one. One thread uses it.
 */
public final class SpaKnock implements AutoCloseable {
    /** The server has 16 tokens for 600 s: whoever sends more often than this for long is not heard. */
    public static final Duration PER_PACKET = Duration.ofSeconds(40);

    /** After so many rounds without any answer the counter's file may be an old copy. */
    private static final int ROUNDS_UNTIL_DOUBT = 2;
    /** How long a no waits for a yes from the other IP version. */
    private static final Duration UNTIL_NO = Duration.ofSeconds(1);

    private final Proof.Spa spa;
    private final Tools tools;
    private final List<InetAddress> addresses;
    private final Request request;
    private final boolean answer;
    private final Exchange exchange;
    private final OwnAddresses own;
    private final Keyring usual;
    private final Optional<Identity> rotated;
    private final Optional<Keyring> next;
    private final int grant;
    private int rounds;
    private boolean rekeyed;
    private long firstNoNs;

    /**
     * A request that nobody has sent yet.
     *
     * @param answer whether to ask for sealed answers
     */
    public SpaKnock(Proof.Spa spa, Tools tools, List<InetAddress> addresses, Request request, boolean answer) {
        this.spa = spa;
        this.tools = tools;
        this.addresses = List.copyOf(addresses);
        this.request = request;
        this.answer = answer;
        exchange = new Exchange(tools);
        own = OwnAddresses.of(spa, addresses);
        usual = Keyring.of(spa.identity(), spa.classical());
        // Whether the server has the next key is not known before it answers: one of the two packets is noise to it.
        rotated = spa.identity().rotated();
        next = rotated.map(identity -> Keyring.of(identity, spa.classical()));
        grant = 1 + tools.random().nextInt(Integer.MAX_VALUE);
    }

    /**
     * Sends a fresh packet to each address that has not said yes.
     *
     * @throws IOException when it could be sent to none
     */
    public void knock() throws IOException, ProfileException {
        List<InetAddress> left = new ArrayList<>(addresses);
        for (Heard yes : yes()) {
            left.remove(yes.at());
        }
        Exchange.Asks asks = new Exchange.Asks(
                answer,
                request.kind() == Request.Kind.REHEARSE,
                answer && rounds >= ROUNDS_UNTIL_DOUBT && heard().isEmpty());
        IOException failure = new IOException("no address fits its address mode " + spa.mode());
        boolean sent = left.isEmpty();
        for (InetAddress address : left) {
            Optional<AddressClaim> claim = own.claim(address);
            if (claim.isPresent()) {
                try {
                    send(address, asks, claim.get());
                    sent = true;
                } catch (IOException noRoute) {
                    failure = noRoute;
                }
            }
        }
        if (!sent) {
            throw new IOException("no packet can be sent: " + failure.getMessage(), failure);
        }
        rounds++;
    }

    private void send(InetAddress address, Exchange.Asks asks, AddressClaim claim) throws IOException {
        exchange.send(address, usual, asks, request.content(grant, claim));
        if (next.isPresent()) {
            exchange.send(address, next.get(), asks, request.content(grant, claim));
        }
    }

    /** How long to wait for an answer before the next packet: longer each time. */
    public Duration untilAgain() {
        Duration backedOff = Duration.ofSeconds(1L << Math.min(Math.max(rounds - 1, 0), 6));
        Duration longest = PER_PACKET.multipliedBy(addresses.size());
        return backedOff.compareTo(longest) < 0 ? backedOff : longest;
    }

    /**
     * Knocks until every address has answered, or there is a last word, or the time is over.
     *
     * @param afterYes how long the other addresses have once one has said yes
     */
    public void ask(Duration patience, Duration afterYes) throws IOException, ProfileException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean agreed = false;
        while (deadline - System.nanoTime() > 0 && !isOver()) {
            knock();
            long again = System.nanoTime() + untilAgain().toNanos();
            for (long left = Math.min(again, deadline) - System.nanoTime();
                    left > 0 && !isOver();
                    left = Math.min(again, deadline) - System.nanoTime()) {
                exchange.await(Duration.ofNanos(Math.min(left, UNTIL_NO.toNanos())));
                if (!agreed && !yes().isEmpty()) {
                    agreed = true;
                    deadline = Math.min(deadline, System.nanoTime() + afterYes.toNanos());
                }
            }
        }
    }

    private boolean isOver() throws IOException, ProfileException {
        // During a rotation the packet of the old key may be answered first, and the other one tells more.
        return no().isPresent() || (allAnswered() && !yes().isEmpty() && (next.isEmpty() || rekeyed));
    }

    private boolean allAnswered() throws IOException, ProfileException {
        List<Heard> heard = heard();
        return addresses.stream()
                .allMatch(address -> heard.stream().anyMatch(one -> one.at().equals(address)));
    }

    /** All answers so far. */
    public List<Heard> heard() throws IOException, ProfileException {
        List<Heard> heard = exchange.heard();
        if (!rekeyed
                && next.isPresent()
                && heard.stream().anyMatch(one -> one.by().equals(next.get()))) {
            // The server opened a packet of the next key, and has forgotten the old one with it.
            tools.rekey().accept(rotated.orElseThrow());
            rekeyed = true;
        }
        return heard;
    }

    /** The answers that are a yes. */
    public List<Heard> yes() throws IOException, ProfileException {
        return heard().stream().filter(Heard::isYes).toList();
    }

    /** The server's no, when it is the last word: nothing said yes, and to send it again is of no use. */
    public Optional<Heard> no() throws IOException, ProfileException {
        List<Heard> noes = heard().stream()
                .filter(one -> !one.isYes() && !one.isTransient())
                .toList();
        if (noes.isEmpty() || !yes().isEmpty()) {
            return Optional.empty();
        }
        if (firstNoNs == 0) {
            firstNoNs = System.nanoTime();
        }
        boolean late = System.nanoTime() - firstNoNs > UNTIL_NO.toNanos();
        return allAnswered() || late ? Optional.of(noes.getFirst()) : Optional.empty();
    }

    /** What becomes readable when an answer comes. */
    public List<SelectableChannel> ears() {
        return exchange.ears();
    }

    /** How many packets went out. */
    public int sent() {
        return exchange.sent();
    }

    /** What silence can mean, for people. */
    public String silence() {
        return Silence.explain(
                spa.carriers(),
                exchange.unreachable(),
                exchange.worn(),
                tools.clock().instant());
    }

    @Override
    public void close() {
        exchange.close();
    }
}

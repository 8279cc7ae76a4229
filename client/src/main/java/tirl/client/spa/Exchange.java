package tirl.client.spa;

import java.io.IOException;
import java.net.InetAddress;
import java.net.PortUnreachableException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tirl.spa.Answer;
import tirl.spa.AnswerKey;
import tirl.spa.Body;
import tirl.spa.SealRandomness;
import tirl.spa.SealedPacket;
import tirl.spa.Sealer;

/**
 * Packets sent, and the answers to them. Whatever else comes, from whomever, is dropped: only who opened a packet can seal
 * its answer. One thread uses it.
 */
public final class Exchange implements AutoCloseable {
    /** How often lines without an ear are looked at. */
    private static final Duration LOOK = Duration.ofMillis(20);
    /** Datagrams that are looked at on one line at once, so that a flood of them does not hold us up. */
    private static final int MOST_AT_ONCE = 64;

    private final Tools tools;
    private final List<Sent> waiting = new ArrayList<>();
    private final List<Heard> heard = new ArrayList<>();
    private int sent;
    private boolean unreachable;
    private boolean worn;

    private record Sent(InetAddress to, Keyring by, Line line, AnswerKey key, long counter, long timeMs, long atNs) {
        void close() {
            key.wipe();
            line.close();
        }
    }

    public Exchange(Tools tools) {
        this.tools = tools;
    }

    /** What a packet says, apart from its number and time. */
    public interface Content extends Function<Body.Header, Body> {}

    /**
     * Makes a packet and sends it.
     *
     * @param asks how: whether for an answer, whether as a rehearsal, whether the counter is in doubt
     */
    public void send(InetAddress to, Keyring by, Asks asks, Content content) throws IOException {
        long nowMs = tools.clock().millis();
        Ticket ticket = asks.inDoubt()
                ? tools.counter().nextInDoubt(nowMs)
                : tools.counter().next(nowMs);
        worn |= !ticket.fresh();
        Body body = content.apply(new Body.Header(nowMs, ticket.counter(), asks.answer(), asks.rehearse()));
        byte[] random = new byte[SealRandomness.LENGTH];
        tools.random().nextBytes(random);
        SealRandomness randomness = new SealRandomness(random);
        Arrays.fill(random, (byte) 0);
        SealedPacket packet = Sealer.seal(by.suite(), by.keys(), by.kem(), ticket.epoch(), body, randomness);
        Line line = tools.carrier().to(to);
        Sent one = new Sent(to, by, line, packet.answerKey(), ticket.counter(), nowMs, System.nanoTime());
        try {
            line.send(packet.bytes());
        } catch (IOException e) {
            one.close();
            throw e;
        }
        sent++;
        if (asks.answer()) {
            waiting.add(one);
        } else {
            one.close();
        }
    }

    /**
     * How a packet is meant.
     *
     * @param rehearse decide and tell, do nothing
     * @param inDoubt that the counter's file is the newest, see {@link Counter#nextInDoubt}
     */
    public record Asks(boolean answer, boolean rehearse, boolean inDoubt) {
        public static final Asks ANSWER = new Asks(true, false, false);

        Asks doubting(boolean doubt) {
            return new Asks(answer, rehearse, doubt);
        }
    }

    /** All answers so far. */
    public List<Heard> heard() throws IOException {
        for (Sent one : List.copyOf(waiting)) {
            Optional<Answer> answer = answer(one);
            if (answer.isPresent()) {
                Duration roundTrip = Duration.ofNanos(System.nanoTime() - one.atNs());
                long skew = answer.get().timeMs() - one.timeMs() - roundTrip.toMillis() / 2;
                heard.add(new Heard(one.to(), one.by(), answer.get(), roundTrip, skew));
                waiting.remove(one);
                one.close();
            }
        }
        return List.copyOf(heard);
    }

    private Optional<Answer> answer(Sent one) throws IOException {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            try {
                Optional<byte[]> datagram = one.line().receive();
                if (datagram.isEmpty()) {
                    return Optional.empty();
                }
                Optional<Answer> answer =
                        one.key().open(datagram.get()).filter(opened -> opened.counter() == one.counter());
                if (answer.isPresent()) {
                    return answer;
                }
            } catch (PortUnreachableException nobodyThere) {
                unreachable = true;
            }
        }
        return Optional.empty();
    }

    /** Waits until there is another answer, or as long. */
    public void await(Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        int before = heard.size();
        List<SelectableChannel> ears = ears();
        try (Selector selector = Selector.open()) {
            for (SelectableChannel ear : ears) {
                ear.register(selector, SelectionKey.OP_READ);
            }
            boolean all = ears.size() == waiting.size();
            for (long left = limit.toNanos();
                    left > 0 && heard().size() == before;
                    left = deadline - System.nanoTime()) {
                selector.select(Math.max(1, Math.min(left, all ? left : LOOK.toNanos()) / 1_000_000));
                selector.selectedKeys().clear();
            }
        }
    }

    /** What becomes readable when an answer comes. */
    public List<SelectableChannel> ears() {
        return waiting.stream()
                .map(one -> one.line().ear())
                .flatMap(Optional::stream)
                .toList();
    }

    /** How many packets went out. */
    public int sent() {
        return sent;
    }

    /** Whether there was any answer so far. */
    boolean hasHeard() {
        return !heard.isEmpty();
    }

    /** Whether the other side said that nobody is at the port. */
    public boolean unreachable() {
        return unreachable;
    }

    /** Whether more packets were sent in a short time than the server takes (section 4.1). */
    public boolean worn() {
        return worn;
    }

    /** Forgets the answers' keys. */
    @Override
    public void close() {
        waiting.forEach(Sent::close);
        waiting.clear();
    }
}

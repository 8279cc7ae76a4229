package tirl.client.spa;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.Decision;

/**
 * A device's new key, told to the server until it answers. The server may take the first packet and be silent to all
 * others, because their sender is then somebody it no longer knows; were its one answer lost, nobody would ever hear of it.
 * So a packet of the new key goes with each but the first: any answer to that shows that the key is known.
 *
 * @param by what the message is sealed with
 * @param key what the new key's packets are sealed with
 * @param message the registration, or the rotation
 */
record Announcement(Keyring by, Keyring key, Exchange.Content message) {
    /** Apart, so that the server's budget and the tokens of an epoch last. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);
    private static final Exchange.Asks REHEARSAL = new Exchange.Asks(true, true, false);
    private static final Body.Target USUAL = new Body.Target(List.of(), 0, OptionalInt.empty(), AddressClaim.OBSERVED);

    /** The server's last word; empty when there is none in time. */
    Optional<Heard> tell(Exchange exchange, List<InetAddress> addresses, Duration patience) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        for (int round = 0; deadline - System.nanoTime() > 0; round++) {
            send(exchange, addresses, round > 0);
            long again = Math.min(deadline, System.nanoTime() + pause.toNanos());
            for (long left = again - System.nanoTime(); left > 0; left = again - System.nanoTime()) {
                exchange.await(Duration.ofNanos(left));
                Optional<Heard> last =
                        exchange.heard().stream().filter(this::isLast).findFirst();
                if (last.isPresent()) {
                    return last;
                }
            }
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
        }
        return Optional.empty();
    }

    /** Whether the answer shows that the server knows the new key. */
    boolean isKnown(Heard one) {
        return one.answer().decision() == Decision.REGISTERED || one.by().equals(key);
    }

    private boolean isLast(Heard one) {
        return isKnown(one) || !one.isTransient();
    }

    private void send(Exchange exchange, List<InetAddress> addresses, boolean probe) throws IOException {
        IOException failure = new IOException("the host has no address");
        boolean sent = false;
        for (InetAddress address : addresses) {
            try {
                exchange.send(address, by, Exchange.Asks.ANSWER, message);
                if (probe) {
                    exchange.send(address, key, REHEARSAL, header -> new Body.Open(header, 0, USUAL));
                }
                sent = true;
            } catch (IOException noRoute) {
                failure = noRoute;
            }
        }
        if (!sent) {
            throw new IOException("no packet can be sent: " + failure.getMessage(), failure);
        }
    }
}

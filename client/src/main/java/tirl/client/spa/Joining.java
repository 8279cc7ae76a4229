package tirl.client.spa;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import tirl.client.profile.Profile.Proof;
import tirl.config.Notation;
import tirl.spa.Body;
import tirl.spa.Invitation;
import tirl.spa.X25519PublicKey;

/** The registration of a device by its first packet (section 9.2). */
public final class Joining {
    private final Invitation invitation;
    private final Proof.Spa spa;
    private final Tools tools;
    private final List<InetAddress> addresses;

    /**
     * With a profile that is on the disk already.
     *
     * @param spa as the profile has it
     */
    public Joining(Invitation invitation, Proof.Spa spa, Tools tools, List<InetAddress> addresses) {
        this.invitation = invitation;
        this.spa = spa;
        this.tools = tools;
        this.addresses = List.copyOf(addresses);
    }

    /**
     * Registers.
     *
     * @return the answer that shows it
     * @throws IOException when there is no such answer in time; the message says what can be the matter
     */
    public Heard register(Duration patience) throws IOException {
        X25519PublicKey key = spa.identity().device().publicKey();
        Keyring invited = Keyring.of(invitation, spa);
        Announcement announcement = new Announcement(
                invited, Keyring.of(spa.identity(), spa.classical()), header -> new Body.Register(header, key));
        try (Exchange exchange = new Exchange(tools)) {
            Heard last = announcement
                    .tell(exchange, addresses, patience)
                    .orElseThrow(() -> new IOException(silence(exchange, patience)));
            if (!announcement.isKnown(last)) {
                throw new IOException("the server does not register this device: " + last.reason());
            }
            return last;
        } finally {
            invited.keys().wipe();
        }
    }

    private String silence(Exchange exchange, Duration patience) {
        if (exchange.hasHeard()) {
            return "the server has only just started, by its clock; run the same again in a minute";
        }
        String where = invitation.host() + " gave no answer within " + Notation.write(patience) + ": ";
        if (exchange.unreachable()) {
            return where
                    + Silence.explain(
                            spa.carriers(),
                            exchange.unreachable(),
                            exchange.worn(),
                            tools.clock().instant());
        }
        return where
                + "the invitation was used already, on another device, or was taken back (`tirl devices` on the server); "
                + Silence.carriers(spa.carriers())
                + " does not get through to the server, or its answer not back (`tirl watch` there shows what arrives); this clock ("
                + tools.clock().instant().truncatedTo(ChronoUnit.SECONDS)
                + ") is wrong by 10 minutes or more; or the name leads to another host. The profile stays: run the same again, "
                + "or `tirl join --offline`, which sends nothing";
    }

    /** Why the invitation is of no use any more; empty when it is. */
    public static Optional<String> expired(Invitation invitation, Instant now) {
        Instant end = Instant.ofEpochSecond(invitation.validUntil());
        return now.isBefore(end)
                ? Optional.empty()
                : Optional.of("the invitation was valid until " + end + ", and it is "
                        + now.truncatedTo(ChronoUnit.SECONDS) + "; ask for a new one, unless this clock is wrong");
    }
}

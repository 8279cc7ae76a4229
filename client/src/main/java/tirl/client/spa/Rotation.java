package tirl.client.spa;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tirl.client.profile.Identity;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.config.Notation;
import tirl.spa.Body;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/**
 * A new key for the device (section 9.4). The profile has the next key before the server hears of it, and keeps the old one
 * until the server is known to have the next; wherever this is cut short, packets of both keys are sent until one of them
 * shows which.
 */
public final class Rotation {
    private static final String BOTH_KEYS =
            ". The profile has both keys and works as before; run `tirl rotate` again to finish";

    private final Proof.Spa spa;
    private final Identity identity;
    private final Tools tools;
    private final List<InetAddress> addresses;

    private Rotation(Proof.Spa spa, Identity identity, Tools tools, List<InetAddress> addresses) {
        this.spa = spa;
        this.identity = identity;
        this.tools = tools;
        this.addresses = List.copyOf(addresses);
    }

    /** Begins, or goes on with one that was begun: writes the next key into the profile. Nothing is sent yet. */
    public static Rotation begin(Proof.Spa spa, Tools tools, List<InetAddress> addresses) throws ProfileException {
        Identity old = spa.identity();
        if (old.next().isPresent()) {
            return new Rotation(spa, old, tools, addresses);
        }
        byte[] random = new byte[X25519PrivateKey.LENGTH];
        tools.random().nextBytes(random);
        X25519PrivateKey key = new X25519PrivateKey(random);
        Arrays.fill(random, (byte) 0);
        Identity both = new Identity(old.server(), old.device(), old.enrolment(), old.kem(), Optional.of(key));
        tools.rekey().accept(both);
        return new Rotation(spa, both, tools, addresses);
    }

    /**
     * Tells the server, and the profile when the server has answered.
     *
     * @throws IOException when it does not answer in time; both keys stay in the profile
     */
    public Heard finish(Duration patience) throws IOException, ProfileException {
        Identity rotated = identity.rotated().orElseThrow();
        X25519PublicKey key = rotated.device().publicKey();
        Announcement announcement = new Announcement(
                Keyring.of(identity, spa.classical()),
                Keyring.of(rotated, spa.classical()),
                header -> new Body.Rotate(header, key));
        try (Exchange exchange = new Exchange(tools)) {
            Heard last = announcement
                    .tell(exchange, addresses, patience)
                    .orElseThrow(() -> new IOException("no answer within " + Notation.write(patience) + ": "
                            + Silence.explain(
                                    spa.carriers(),
                                    exchange.unreachable(),
                                    exchange.worn(),
                                    tools.clock().instant())
                            + BOTH_KEYS));
            if (!announcement.isKnown(last)) {
                throw new IOException("the server does not take the new key: " + last.reason() + BOTH_KEYS);
            }
            tools.rekey().accept(rotated);
            return last;
        }
    }
}

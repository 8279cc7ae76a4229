package tirl.client.visit;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Heard;
import tirl.client.spa.SpaKnock;

/** A request by tirl SPA, whose sealed answer says why not. */
public final class SpaApproach implements Approach {
    private final String profile;
    private final SpaKnock knock;

    /** Owns the knock: closes it. */
    public SpaApproach(String profile, SpaKnock knock) {
        this.profile = profile;
        this.knock = knock;
    }

    @Override
    public void knock() throws IOException, ProfileException {
        knock.knock();
    }

    @Override
    public Duration untilAgain() {
        return knock.untilAgain();
    }

    @Override
    public List<SelectableChannel> ears() {
        return knock.ears();
    }

    @Override
    public Optional<String> refusal() throws IOException, ProfileException {
        return knock.no().map(no -> "denied: " + no.reason());
    }

    @Override
    public String silence() throws IOException, ProfileException {
        List<Heard> yes = knock.yes();
        if (!yes.isEmpty()) {
            return "the server says that it granted this, to "
                    + yes.getFirst().answer().observed()
                    + ", so it is behind it: the port is not one of the service's, or a firewall on the way drops connections to it";
        }
        List<Heard> heard = knock.heard();
        return heard.isEmpty()
                ? "the server gave no answer either: " + knock.silence() + "; `tirl doctor " + profile
                        + "` looks closer, and on the host `tirl watch` shows what arrives"
                : "denied: " + heard.getLast().reason();
    }

    @Override
    public String sent() {
        return knock.sent() == 1 ? "one packet" : knock.sent() + " packets";
    }

    @Override
    public void close() {
        knock.close();
    }
}

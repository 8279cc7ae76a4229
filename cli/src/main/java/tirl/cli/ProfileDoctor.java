package tirl.cli;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tirl.client.HostAddresses;
import tirl.client.profile.Profile;
import tirl.client.profile.Profile.Proof;
import tirl.client.profile.ProfileException;
import tirl.client.spa.Heard;
import tirl.client.spa.Request;
import tirl.client.spa.SpaKnock;
import tirl.config.Notation;
import tirl.packet.Address;

/** Asks a server what it would do for a profile, over each IP version. */
final class ProfileDoctor {
    private final Output output;
    private final ProfileOptions options;
    private final SpaOptions spaOptions;

    ProfileDoctor(Output output, ProfileOptions options, SpaOptions spaOptions) {
        this.output = output;
        this.options = options;
        this.spaOptions = spaOptions;
    }

    /** The exit code: 1 when it would not open. */
    int examine(String name) throws ProfileException, IOException {
        Profile profile = spaOptions.applied(options.profiles().read(name));
        if (!(profile.proof() instanceof Proof.Spa spa)) {
            throw new ProfileException("the profile " + name + " has a plain sequence, which has no answer; `tirl open "
                    + name + " --wait` tries it");
        }
        List<InetAddress> addresses = HostAddresses.of(profile.host());
        Request request = spaOptions.request(Request.Kind.REHEARSE, Duration.ZERO, profile, spa);
        Duration patience = options.patience();
        try (SpaKnock knock = options.knock(profile, spa, addresses, request, true)) {
            knock.ask(patience, patience);
            List<Heard> heard = knock.heard();
            List<Map<String, Object>> rows = new ArrayList<>();
            for (InetAddress address : addresses) {
                Optional<Heard> last =
                        heard.stream().filter(one -> one.at().equals(address)).reduce((_, later) -> later);
                rows.add(last.map(Answers::fields).orElseGet(() -> silent(address, patience)));
                show(address, last, patience);
            }
            if (heard.isEmpty()) {
                output.note("          -> after %d packets: %s", knock.sent(), knock.silence());
                output.note("          -> on the server: `tirl watch` shows what arrives, `tirl doctor` examines it");
            } else {
                output.note("clock     %s", heard.getFirst().clock());
            }
            output.print(rows, _ -> {});
            return knock.yes().isEmpty() ? 1 : 0;
        }
    }

    private void show(InetAddress address, Optional<Heard> heard, Duration patience) {
        String version = address instanceof Inet4Address ? "IPv4" : "IPv6";
        String at = Address.of(address).toString();
        if (heard.isEmpty()) {
            output.note("BAD       %s  %s: no answer within %s", version, at, Notation.write(patience));
            return;
        }
        Heard one = heard.get();
        output.note("%-8s  %s  %s: %s", one.isYes() ? "good" : "BAD", version, at, Answers.text(one));
        output.note(
                "          %s  seen as %s%s, round trip %d ms",
                version,
                one.answer().observed(),
                one.answer().port() == 0 ? "" : " port " + one.answer().port(),
                one.roundTrip().toMillis());
    }

    private static Map<String, Object> silent(InetAddress address, Duration patience) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", Address.of(address).toString());
        fields.put("yes", false);
        fields.put("text", "no answer within " + Notation.write(patience));
        return fields;
    }
}

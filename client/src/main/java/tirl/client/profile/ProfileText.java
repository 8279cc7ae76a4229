package tirl.client.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import tirl.client.profile.Profile.Proof;
import tirl.spa.Invitation.Carriers;
import tirl.spa.X25519PrivateKey;

/** Writes profiles as text, and changes the keys in one without touching what its owner wrote around them. */
final class ProfileText {
    private ProfileText() {}

    /** A new profile, as {@code tirl join} leaves it. */
    static String of(Profile profile, Proof.Spa spa) {
        StringBuilder text = new StringBuilder(
                "# Made by `tirl join`. The keys below are secrets; change what you like above them.\n");
        text.append("host = \"").append(profile.host()).append("\"\n");
        text.append("port = ").append(profile.port()).append('\n');
        profile.user().ifPresent(user -> text.append("user = \"").append(user).append("\"\n"));
        text.append("\n[spa]\n");
        Carriers carriers = spa.carriers();
        if (carriers.firstPort() > 0) {
            String range = carriers.firstPort() == carriers.lastPort()
                    ? "" + carriers.firstPort()
                    : carriers.firstPort() + "-" + carriers.lastPort();
            text.append("ports = \"").append(range).append("\"\n");
        }
        text.append("icmp = ").append(carriers.icmp()).append('\n');
        text.append("classical = ").append(spa.classical()).append('\n');
        Identity identity = spa.identity();
        text.append("server = \"").append(base64(identity.server().bytes())).append("\"\n");
        text.append("device = \"").append(base64(identity.device().bytes())).append("\"\n");
        text.append("enrolment = \"")
                .append(base64(identity.enrolment().bytes()))
                .append("\"\n");
        text.append("kem = \"").append(base64(identity.kem().bytes())).append("\"\n");
        return text.toString();
    }

    /**
     * The text with the keys of this identity in place of its own.
     *
     * @throws ProfileException when the table is written in a way that cannot be changed line by line
     */
    static String withKeys(String file, String text, Identity identity) throws ProfileException {
        String changed = set(file, text, "device", base64(identity.device().bytes()));
        changed = set(file, changed, "enrolment", base64(identity.enrolment().bytes()));
        changed = without(file, changed, SpaTable.NEXT_DEVICE);
        Optional<X25519PrivateKey> next = identity.next();
        return next.isEmpty()
                ? changed
                : after(
                        file,
                        changed,
                        "device",
                        line(SpaTable.NEXT_DEVICE, base64(next.get().bytes())));
    }

    private static String set(String file, String text, String key, String value) throws ProfileException {
        List<String> lines = lines(text);
        lines.set(at(file, text, key), line(key, value));
        return String.join("\n", lines);
    }

    private static String without(String file, String text, String key) throws ProfileException {
        List<String> lines = lines(text);
        if (Toml.parse(text).contains(List.of("spa", key))) {
            lines.remove(at(file, text, key));
        }
        return String.join("\n", lines);
    }

    private static String after(String file, String text, String key, String line) throws ProfileException {
        List<String> lines = lines(text);
        lines.add(at(file, text, key) + 1, line);
        return String.join("\n", lines);
    }

    /** The line that has this key and nothing else. */
    private static int at(String file, String text, String key) throws ProfileException {
        TomlParseResult toml = Toml.parse(text);
        TomlPosition position = toml.inputPositionOf(List.of("spa", key));
        Pattern alone = Pattern.compile("\\s*" + key + "\\s*=\\s*(\"[A-Za-z0-9+/=]*\"|'[A-Za-z0-9+/=]*')\\s*(#.*)?");
        if (position != null
                && alone.matcher(lines(text).get(position.line() - 1)).matches()) {
            return position.line() - 1;
        }
        String place = position == null ? "" : ":" + position.line();
        throw new ProfileException(file + place + ": write " + key
                + " = \"...\" on a line of its own below a line [spa], so that it can be replaced");
    }

    private static List<String> lines(String text) {
        return new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    }

    private static String line(String key, String value) {
        return key + " = \"" + value + "\"";
    }

    private static String base64(byte[] bytes) {
        String text = Base64.getEncoder().encodeToString(bytes);
        Arrays.fill(bytes, (byte) 0);
        return text;
    }
}

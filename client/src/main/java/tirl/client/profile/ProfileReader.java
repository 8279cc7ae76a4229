package tirl.client.profile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import tirl.client.Knock;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.door.Step;
import tirl.packet.Transport;

/** From the text of a profile to its value; the first mistake ends it, with its place. */
final class ProfileReader {
    private static final Set<String> KEYS = Set.of("host", "port", "user", "lease", "knock", "pause");
    private static final int SSH = 22;

    private final String file;
    private final TomlParseResult toml;

    private ProfileReader(String file, TomlParseResult toml) {
        this.file = file;
        this.toml = toml;
    }

    static Profile read(String name, String file, String text) throws ProfileException {
        TomlParseResult toml = Toml.parse(text);
        ProfileReader reader = new ProfileReader(file, toml);
        if (toml.hasErrors()) {
            var error = toml.errors().getFirst();
            throw reader.mistake(error.position(), String.valueOf(error.getMessage()));
        }
        return reader.profile(name);
    }

    private Profile profile(String name) throws ProfileException {
        for (String key : toml.keySet()) {
            if (!KEYS.contains(key)) {
                throw mistake(
                        toml.inputPositionOf(List.of(key)),
                        "\"" + key + "\" is no key of a profile; keys are "
                                + String.join(", ", KEYS.stream().sorted().toList()));
            }
        }
        String host = text("host").orElseThrow(() -> new ProfileException(file + ": host = \"...\" is missing"));
        List<Knock> knocks = knocks();
        if (knocks.isEmpty()) {
            throw new ProfileException(file + ": knock = [\"tcp/7012\", ...] is missing");
        }
        return new Profile(
                name,
                host,
                port(),
                text("user"),
                duration("lease"),
                new Profile.Proof.Sequence(knocks, duration("pause").orElse(Duration.ZERO)));
    }

    private Optional<String> text(String key) throws ProfileException {
        Object value = toml.get(List.of(key));
        if (value == null) {
            return Optional.empty();
        }
        // A leading dash would be an option to ssh.
        if (value instanceof String text && !text.isBlank() && !text.startsWith("-")) {
            return Optional.of(text);
        }
        throw mistake(key, key + " must be a text, and not begin with a dash");
    }

    private int port() throws ProfileException {
        Object value = toml.get(List.of("port"));
        if (value == null) {
            return SSH;
        }
        if (value instanceof Long number && number >= 1 && number <= 65535) {
            return number.intValue();
        }
        throw mistake("port", "port must be a number from 1 to 65535");
    }

    private Optional<Duration> duration(String key) throws ProfileException {
        Optional<String> text = text(key);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Notation.duration(text.get()));
        } catch (NotationException e) {
            throw mistake(key, key + ": " + e.problem());
        }
    }

    private List<Knock> knocks() throws ProfileException {
        List<Knock> knocks = new ArrayList<>();
        Object value = toml.get(List.of("knock"));
        if (value == null) {
            return knocks;
        }
        if (!(value instanceof TomlArray array)) {
            throw mistake("knock", "knock must be a list, such as [\"tcp/7012\", \"udp/5160\"]");
        }
        for (int i = 0; i < array.size(); i++) {
            try {
                knocks.add(knock(Notation.step(String.valueOf(array.get(i)))));
            } catch (NotationException e) {
                throw mistake(array.inputPositionOf(i), "knock: " + e.problem());
            }
        }
        return knocks;
    }

    private static Knock knock(Step step) throws NotationException {
        return switch (step) {
            case Step.Tcp(int port) -> new Knock(Transport.TCP, port);
            case Step.Udp(int port) -> new Knock(Transport.UDP, port);
            case Step.Echo(boolean reply, var size) -> {
                if (reply) {
                    throw new NotationException("an echo reply cannot be sent from here; use icmp/echo");
                }
                yield new Knock(Transport.ICMP, size.orElse(0));
            }
        };
    }

    private ProfileException mistake(String key, String what) {
        return mistake(toml.inputPositionOf(List.of(key)), what);
    }

    private ProfileException mistake(@org.jspecify.annotations.Nullable TomlPosition at, String what) {
        String place = at == null ? "" : ":" + at.line() + ":" + at.column();
        return new ProfileException(file + place + ": " + what);
    }
}

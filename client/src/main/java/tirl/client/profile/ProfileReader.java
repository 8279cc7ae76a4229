package tirl.client.profile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import tirl.client.Knock;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.door.Step;
import tirl.packet.Transport;

/** From the text of a profile to its value; the first mistake ends it, with its place. */
final class ProfileReader {
    private static final Set<String> KEYS = Set.of("host", "port", "user", "lease", "knock", "pause", "spa");
    private static final int SSH = 22;

    private final ProfileTable table;

    private ProfileReader(ProfileTable table) {
        this.table = table;
    }

    static Profile read(String name, String file, String text) throws ProfileException {
        TomlParseResult toml = Toml.parse(text);
        ProfileTable table = new ProfileTable(file, "a profile", toml);
        if (toml.hasErrors()) {
            var error = toml.errors().getFirst();
            throw table.mistake(error.position(), String.valueOf(error.getMessage()));
        }
        table.onlyKeys(KEYS);
        return new ProfileReader(table).profile(name);
    }

    private Profile profile(String name) throws ProfileException {
        String host = table.text("host").orElseThrow(() -> table.missing("host = \"...\""));
        return new Profile(name, host, port(), table.text("user"), duration("lease"), proof());
    }

    private Profile.Proof proof() throws ProfileException {
        Optional<ProfileTable> spa = table.table("spa");
        if (spa.isPresent()) {
            if (table.has("knock") || table.has("pause")) {
                throw table.mistake("spa", "a profile has either knock or [spa], not both");
            }
            return SpaTable.read(spa.get());
        }
        List<Knock> knocks = knocks();
        if (knocks.isEmpty()) {
            throw new ProfileException(table.missing("knock = [\"tcp/7012\", ...]")
                            .getMessage() + "; for tirl SPA `tirl join` writes the table [spa]");
        }
        return new Profile.Proof.Sequence(knocks, duration("pause").orElse(Duration.ZERO));
    }

    private int port() throws ProfileException {
        Object value = table.value("port");
        if (value == null) {
            return SSH;
        }
        if (value instanceof Long number && number >= 1 && number <= 65535) {
            return number.intValue();
        }
        throw table.mistake("port", "port must be a number from 1 to 65535");
    }

    private Optional<Duration> duration(String key) throws ProfileException {
        Optional<String> text = table.text(key);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Notation.duration(text.get()));
        } catch (NotationException e) {
            throw table.mistake(key, key + ": " + e.problem());
        }
    }

    private List<Knock> knocks() throws ProfileException {
        List<Knock> knocks = new ArrayList<>();
        Object value = table.value("knock");
        if (value == null) {
            return knocks;
        }
        if (!(value instanceof TomlArray array)) {
            throw table.mistake("knock", "knock must be a list, such as [\"tcp/7012\", \"udp/5160\"]");
        }
        for (int i = 0; i < array.size(); i++) {
            try {
                knocks.add(knock(Notation.step(String.valueOf(array.get(i)))));
            } catch (NotationException e) {
                throw table.mistake(array.inputPositionOf(i), "knock: " + e.problem());
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
}

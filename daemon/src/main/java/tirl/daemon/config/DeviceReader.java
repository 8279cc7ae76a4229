package tirl.daemon.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.config.Problem;
import tirl.daemon.config.Section.Placed;
import tirl.daemon.config.Section.Reading;
import tirl.device.AccessRules;
import tirl.device.CodeSecret;
import tirl.device.Device;
import tirl.device.Hours;
import tirl.device.Network;
import tirl.spa.AddressMode;
import tirl.spa.DeviceKeyText;
import tirl.spa.EnrolmentSecret;
import tirl.spa.KemSeed;
import tirl.spa.X25519PublicKey;

/** Reads the text of a device: a file of the directory of devices, an import, and its rules alone. */
public final class DeviceReader {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int MOST_LEASES = 4096;
    private static final int MOST_USES = 1_000_000_000;

    private final Problems problems = new Problems();

    private DeviceReader() {}

    /** Either a value or what is wrong, in the order of the text. */
    public record Result<T>(Optional<T> value, List<Problem> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    /** The whole device. */
    public static Result<Device> device(String toml) {
        DeviceReader reader = new DeviceReader();
        return reader.read(toml, "a device", reader::device);
    }

    /** The keys from {@code services} on. */
    public static Result<AccessRules> rules(String toml) {
        DeviceReader reader = new DeviceReader();
        return reader.read(toml, "the rules of a device", reader::rules);
    }

    /** Turns a section into a value; what is wrong is among the problems then. */
    private interface Part<T> {
        Optional<T> read(Section section);
    }

    private <T> Result<T> read(String toml, String title, Part<T> part) {
        TomlParseResult parsed = Toml.parse(toml);
        parsed.errors().forEach(error -> problems.error(error.position(), String.valueOf(error.getMessage())));
        if (parsed.hasErrors()) {
            return new Result<>(Optional.empty(), problems.all());
        }
        Section section = new Section(title, parsed, null, problems);
        Optional<T> value = part.read(section);
        section.finish();
        return new Result<>(problems.anyError() ? Optional.empty() : value, problems.all());
    }

    private Optional<Device> device(Section section) {
        String name = Names.read(section, problems);
        Optional<X25519PublicKey> key = required(section, "key", DeviceReader::key);
        Optional<EnrolmentSecret> enrolment =
                required(section, "enrolment", text -> new EnrolmentSecret(bytes(text, EnrolmentSecret.LENGTH)));
        Optional<KemSeed> seed = required(section, "kem-seed", text -> new KemSeed(bytes(text, KemSeed.LENGTH)));
        Optional<AccessRules> rules = rules(section);
        return key.isEmpty() || enrolment.isEmpty() || seed.isEmpty() || rules.isEmpty()
                ? Optional.empty()
                : Optional.of(new Device(name, key.get(), enrolment.get(), seed.get(), rules.get()));
    }

    private Optional<AccessRules> rules(Section section) {
        section.require("services");
        List<String> services = values(section.list("services", DeviceReader::service));
        Set<AddressMode> modes = EnumSet.allOf(AddressMode.class);
        if (section.has("address")) {
            modes = EnumSet.noneOf(AddressMode.class);
            modes.addAll(values(section.list("address", DeviceReader::mode)));
            if (section.size("address") == 0) {
                section.require("address");
            }
        }
        List<Network> from = values(section.list("from", Network::parse));
        List<Hours> hours = values(section.list("hours", Hours::parse));
        Duration longest = section.read("longest", DeviceReader::longest, AccessRules.DEFAULT_LONGEST);
        int leases = section.number("leases", AccessRules.DEFAULT_LEASES, 1, MOST_LEASES);
        Optional<CodeSecret> code = optional(section, "code", CodeSecret::parse);
        boolean classical = section.flag("classical", true);
        Optional<Instant> until = optional(section, "until", DeviceReader::instant);
        OptionalInt uses =
                section.has("uses") ? OptionalInt.of(section.number("uses", 1, 1, MOST_USES)) : OptionalInt.empty();
        return services.isEmpty() || modes.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new AccessRules(services, from, hours, longest, leases, modes, code, classical, until, uses));
    }

    private static <T> List<T> values(List<Placed<T>> placed) {
        return placed.stream().map(Placed::value).distinct().toList();
    }

    private static <T> Optional<T> required(Section section, String key, Reading<T> reading) {
        section.require(key);
        return optional(section, key, reading);
    }

    private static <T> Optional<T> optional(Section section, String key, Reading<T> reading) {
        return section.<Optional<T>>read(key, text -> Optional.of(reading.read(text)), Optional.empty());
    }

    private static String service(String text) throws NotationException {
        if (!Names.isName(text)) {
            throw new NotationException("\"" + text + "\" is no name of a service");
        }
        return text;
    }

    private static X25519PublicKey key(String text) throws NotationException {
        return DeviceKeyText.parse(text)
                .orElseThrow(() -> new NotationException(
                        "this is no key of a device, or has a typing error; it begins with TIRLKEY:"));
    }

    /** Never shows what was written: it is, or was to be, a secret. */
    private static byte[] bytes(String text, int length) throws NotationException {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            if (bytes.length == length) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            // The same mistake as another length.
        }
        throw new NotationException("this is not the base64 of " + length + " octets");
    }

    private static AddressMode mode(String text) throws NotationException {
        for (AddressMode mode : AddressMode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                return mode;
            }
        }
        throw new NotationException("\"" + text + "\" is no address mode; there is observed, claimed, equal and dual");
    }

    private static Duration longest(String text) throws NotationException {
        Duration duration = Notation.duration(text);
        if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new NotationException("a lease lasts from 1s to " + Notation.write(LONGEST) + ", not " + text);
        }
        return duration;
    }

    private static Instant instant(String text) throws NotationException {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new NotationException("\"" + text + "\" is no time; write one such as \"2027-01-31T00:00:00Z\"");
        }
    }
}

package tirl.daemon.spa;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tirl.config.Notation;
import tirl.config.Problem;
import tirl.daemon.config.DeviceReader;
import tirl.daemon.config.DeviceReader.Result;
import tirl.daemon.control.ControlException;
import tirl.daemon.control.JsonLines;
import tirl.device.AccessRules;
import tirl.device.CodeSecret;
import tirl.device.Device;
import tirl.spa.AddressMode;
import tirl.spa.DeviceKeyText;

/** A device as text: one notation for files, export, import, and, for its rules, the store and requests. */
final class DeviceText {
    private static final String CODE = "code";

    private DeviceText() {}

    /** The whole device, secrets included. */
    static String write(Device device) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", device.name());
        fields.put("key", DeviceKeyText.write(device.key()));
        fields.put("enrolment", base64(device.enrolment().bytes()));
        fields.put("kem-seed", base64(device.seed().bytes()));
        fields.putAll(fields(device.rules()));
        device.rules().code().ifPresent(code -> fields.put(CODE, code.text()));
        return toml(fields);
    }

    private static String base64(byte[] secret) {
        String text = Base64.getEncoder().encodeToString(secret);
        Arrays.fill(secret, (byte) 0);
        return text;
    }

    /** Several at once, on all processors; reading is the costly part of an import. */
    static List<Result<Device>> read(List<String> texts) {
        return texts.parallelStream().map(DeviceReader::device).toList();
    }

    /** The device; what is wrong with its text is told with its place. */
    static Device require(String place, Result<Device> read) throws SpaException {
        return read.value()
                .orElseThrow(() -> new SpaException(read.problems().stream()
                        .filter(Problem::isError)
                        .map(problem -> problem.at(place))
                        .collect(Collectors.joining("; "))));
    }

    /** The rules without the secret of the second factor, as requests have them. */
    static Map<String, Object> fields(AccessRules rules) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("services", rules.services());
        putList(fields, "from", rules.from());
        putList(fields, "hours", rules.hours());
        fields.put("longest", Notation.write(rules.longest()));
        fields.put("leases", rules.leases());
        fields.put(
                "address",
                Stream.of(AddressMode.values())
                        .filter(rules.modes()::contains)
                        .map(mode -> mode.name().toLowerCase(Locale.ROOT))
                        .toList());
        fields.put("classical", rules.classical());
        rules.until().ifPresent(until -> fields.put("until", until.toString()));
        rules.uses().ifPresent(uses -> fields.put("uses", uses));
        return fields;
    }

    private static void putList(Map<String, Object> fields, String key, List<?> values) {
        if (!values.isEmpty()) {
            fields.put(key, values.stream().map(Object::toString).toList());
        }
    }

    /** For the store, where the secret of the second factor has a place of its own. */
    static String write(AccessRules rules) {
        return toml(fields(rules));
    }

    /** What {@link #write(AccessRules)} wrote, or what somebody asks for. */
    static AccessRules rules(Map<String, Object> fields) throws ControlException {
        return rules(toml(fields));
    }

    static AccessRules rules(String text) throws ControlException {
        Result<AccessRules> read = DeviceReader.rules(text);
        return read.value()
                .orElseThrow(() -> new ControlException(
                        read.problems().stream().map(Problem::message).collect(Collectors.joining("; "))));
    }

    static AccessRules withCode(AccessRules rules, Optional<CodeSecret> code) {
        return new AccessRules(
                rules.services(),
                rules.from(),
                rules.hours(),
                rules.longest(),
                rules.leases(),
                rules.modes(),
                code,
                rules.classical(),
                rules.until(),
                rules.uses());
    }

    /** JSON's texts, numbers and lists of texts are TOML's too. */
    private static String toml(Map<String, Object> fields) {
        return fields.entrySet().stream()
                .map(field -> key(field.getKey()) + " = " + JsonLines.write(field.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String key(String key) {
        return key.matches("[A-Za-z0-9_-]+") ? key : JsonLines.write(key);
    }
}

package tirl.daemon.spa;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import tirl.config.Config;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.daemon.config.DeviceReader.Result;
import tirl.daemon.control.ControlException;
import tirl.device.AccessRules;
import tirl.device.CodeSecret;
import tirl.device.Device;
import tirl.door.Service;
import tirl.spa.DeviceKeyText;
import tirl.spa.Invitation;
import tirl.spa.InvitationSecret;
import tirl.spa.X25519PublicKey;

/** Answers requests about devices, on the threads of their connections; each answer is given when the change is on disk. */
public final class DeviceRequests {
    /** Those that are answered here. */
    public static final Set<String> COMMANDS = Set.of(
            "invite",
            "devices",
            "device-rename",
            "device-revoke",
            "device-change",
            "device-replace",
            "device-key",
            "devices-export",
            "devices-import");

    private static final Duration VALID = Duration.ofDays(1);
    private static final Duration LONGEST_VALID = Duration.ofDays(365);
    /** What stands for "no bound" when rules are changed; an empty list does too. */
    private static final Set<Object> NOTHING = Set.of("", 0, 0L, List.of());

    private final Devices devices;
    private final DeviceDesk desk;
    private final Supplier<Config> config;

    /** Lets the decision thread do something and waits for its result. */
    @FunctionalInterface
    public interface Caller {
        <T> T call(Callable<T> task) throws ControlException;
    }

    /**
     * @param decisions brings a task to the decision thread
     * @param config the one in force
     */
    public DeviceRequests(Devices devices, Caller decisions, Supplier<Config> config) {
        this.devices = devices;
        this.config = config;
        desk = new DeviceDesk(devices.around().claims(), decisions);
    }

    /** Carries out one of {@link #COMMANDS}. */
    public Object answer(Map<String, Object> request) throws ControlException {
        return switch (String.valueOf(request.get("command"))) {
            case "invite" -> desk.alone(() -> invite(request));
            case "devices" -> DeviceList.of(desk.ask(() -> DeviceList.views(devices)));
            case "device-rename" -> desk.alone(() -> rename(name(request), text(request, "to")));
            case "device-revoke" -> desk.alone(() -> revoke(name(request)));
            case "device-change" -> desk.alone(() -> change(name(request), fields(request)));
            case "device-replace" -> desk.alone(() -> replace(request));
            case "device-key" -> desk.alone(() -> key(name(request), text(request, "key")));
            case "devices-export" -> export();
            case "devices-import" -> desk.alone(() -> take(request));
            case String unknown -> throw new ControlException("there is no request \"" + unknown + "\" about devices");
        };
    }

    private Map<String, Object> invite(Map<String, Object> request) throws ControlException {
        AccessRules plain = DeviceText.rules(withoutCode(fields(request)));
        refuseUnknown(plain.services());
        refuseOver(plain);
        Optional<CodeSecret> code = Boolean.TRUE.equals(request.get("code"))
                ? Optional.of(new CodeSecret(devices.around().random(CodeSecret.LENGTH)))
                : Optional.empty();
        AccessRules rules = DeviceText.withCode(plain, code);
        return invitation(
                request, code, (name, until, secret) -> devices.changes().invite(name, rules, until, secret));
    }

    private Map<String, Object> replace(Map<String, Object> request) throws ControlException {
        return invitation(
                request,
                Optional.empty(),
                (name, until, secret) -> devices.changes().replace(name, until, secret));
    }

    /** How an invitation comes to be. */
    private interface Inviting {
        Optional<Claim> begin(String name, Instant until, InvitationSecret secret) throws ControlException;
    }

    private Map<String, Object> invitation(Map<String, Object> request, Optional<CodeSecret> code, Inviting inviting)
            throws ControlException {
        String name = name(request);
        Config.Spa spa = spa();
        String host = request.containsKey("host")
                ? text(request, "host")
                : spa.name()
                        .orElseThrow(() -> new ControlException("how does the device reach this host? Say it with"
                                + " --host, or once for all as `name` in [spa]"));
        if (!Invitation.isHost(host)) {
            throw new ControlException(
                    "\"" + host + "\" is no name or address of a host; write gate.example.org or 192.0.2.7");
        }
        Instant until =
                Instant.ofEpochSecond((devices.around().nowMs() + valid(request).toMillis()) / 1000);
        byte[] random = devices.around().random(InvitationSecret.LENGTH);
        InvitationSecret secret = new InvitationSecret(random);
        Invitation invitation = new Invitation(
                devices.roster().server().publicKey(),
                new InvitationSecret(random),
                host,
                new Invitation.Carriers(spa.ports().first(), spa.ports().last(), spa.icmp()),
                false,
                until.getEpochSecond());
        Arrays.fill(random, (byte) 0);
        desk.change("nobody is invited: ", () -> inviting.begin(name, until, secret));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("name", name);
        answer.put("uri", invitation.toUri());
        answer.put("valid-until", until.toString());
        code.ifPresent(made -> answer.put("code", made.uri(name, host)));
        invitation.secret().wipe();
        return answer;
    }

    private Config.Spa spa() throws ControlException {
        return config.get()
                .spa()
                .orElseThrow(() -> new ControlException("the configuration has no [spa] any more; put it back first"));
    }

    private static Duration valid(Map<String, Object> request) throws ControlException {
        if (!request.containsKey("valid")) {
            return VALID;
        }
        try {
            Duration valid = Notation.duration(text(request, "valid"));
            if (valid.compareTo(LONGEST_VALID) <= 0 && valid.compareTo(Duration.ofSeconds(1)) >= 0) {
                return valid;
            }
            throw new ControlException("an invitation is valid for 1s to " + Notation.write(LONGEST_VALID));
        } catch (NotationException e) {
            throw new ControlException(e.problem(), e);
        }
    }

    private void refuseUnknown(List<String> services) throws ControlException {
        List<String> known = config.get().services().stream().map(Service::name).toList();
        for (String service : services) {
            if (!known.contains(service)) {
                throw new ControlException("there is no service \"" + service + "\"; there is " + known);
            }
        }
    }

    private void refuseOver(AccessRules rules) throws ControlException {
        Optional<Instant> over = rules.until()
                .filter(until -> until.toEpochMilli() <= devices.around().nowMs());
        if (over.isPresent()) {
            throw new ControlException(over.get() + " is over already; give a later `until`, or revoke the device");
        }
    }

    private String rename(String name, String to) throws ControlException {
        desk.change("nothing is changed: ", () -> devices.changes().rename(name, to));
        return name + " is " + to + " from now on; leases that are open keep the old name to their end";
    }

    /** First it is shut out, whatever the disk does. */
    private Map<String, Object> revoke(String name) throws ControlException {
        int leases = desk.ask(() -> devices.changes().shut(name));
        desk.change(
                name + " is shut out, but still in the store, and would be back after a restart; ask again: ",
                () -> devices.changes().forget(name));
        return Map.of("leases", leases);
    }

    private String change(String name, Map<String, Object> fields) throws ControlException {
        AccessRules before = desk.ask(() -> DeviceList.rules(devices.roster(), name))
                .orElseThrow(() -> new ControlException(
                        "there is no device or invitation \"" + name + "\"; `tirl devices` lists them"));
        Map<String, Object> merged = new LinkedHashMap<>(DeviceText.fields(before));
        merged.putAll(withoutCode(fields));
        merged.values().removeIf(value -> value == null || NOTHING.contains(value));
        AccessRules rules = DeviceText.withCode(DeviceText.rules(merged), before.code());
        if (fields.containsKey("services")) {
            refuseUnknown(rules.services());
        }
        if (fields.containsKey("until")) {
            refuseOver(rules);
        }
        desk.change("nothing is changed: ", () -> devices.changes().change(name, rules));
        return "the rules of " + name + " are in force; what is open stays to its end";
    }

    /** An unknown key is the reader's to report; the secret of codes is the server's to make. */
    private static Map<String, Object> withoutCode(Map<String, Object> fields) throws ControlException {
        if (fields.containsKey("code")) {
            throw new ControlException("the secret of one-time codes is made by the invitation: `tirl invite --code`");
        }
        return fields;
    }

    private String key(String name, String line) throws ControlException {
        X25519PublicKey key = DeviceKeyText.parse(line)
                .orElseThrow(() -> new ControlException("this is no key of a device, or has a typing error: give the"
                        + " line that `tirl join --offline` printed, from TIRLKEY: on"));
        desk.change("nobody is enrolled: ", () -> devices.changes().enrol(name, key));
        return name + " is enrolled";
    }

    private Map<String, Object> export() throws ControlException {
        List<Device> all = desk.ask(() -> devices.roster().devices().stream()
                .filter(enrolled -> !enrolled.file && !enrolled.revoked)
                .map(enrolled -> enrolled.device)
                .toList());
        List<Map<String, Object>> texts = new ArrayList<>();
        for (Device device : all) {
            texts.add(Map.of("name", device.name(), "text", DeviceText.write(device)));
        }
        return Map.of("devices", texts);
    }

    /** Texts are read, and keys made, here: the decision thread only has to take them. */
    private Map<String, Object> take(Map<String, Object> request) throws ControlException {
        try {
            List<Device> read = read(list(request, "devices"));
            List<Peers.Ready> ready = Peers.ready(devices.roster().server(), read);
            boolean replace = Boolean.TRUE.equals(request.get("replace"));
            int[] counts = new int[2];
            desk.change("nothing is imported: ", () -> {
                Optional<DeviceChanges.Import> taken = devices.changes().take(ready, replace);
                taken.ifPresent(found -> {
                    counts[0] = found.added();
                    counts[1] = found.changed();
                });
                return taken.map(DeviceChanges.Import::claim);
            });
            return Map.of("added", counts[0], "changed", counts[1]);
        } catch (SpaException e) {
            throw new ControlException(e.reason() + "; nothing is imported", e);
        }
    }

    private static List<Device> read(List<?> sent) throws ControlException, SpaException {
        List<String> names = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (Object each : sent) {
            if (!(each instanceof Map<?, ?> one)
                    || !(one.get("name") instanceof String name)
                    || !(one.get("text") instanceof String text)) {
                throw new ControlException("each device of an import has a name and a text");
            }
            names.add(name);
            texts.add(text);
        }
        List<Result<Device>> results = DeviceText.read(texts);
        List<Device> read = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            String name = names.get(i);
            Device device = DeviceText.require("device " + name, results.get(i));
            if (!device.name().equals(name)) {
                throw new ControlException("device " + name + ": its text is named \"" + device.name() + "\"");
            }
            read.add(device);
        }
        return read;
    }

    private static String name(Map<String, Object> request) throws ControlException {
        return text(request, "name");
    }

    private static String text(Map<String, Object> request, String key) throws ControlException {
        if (request.get(key) instanceof String text) {
            return text;
        }
        throw new ControlException("the request needs the text \"" + key + "\"");
    }

    private static List<?> list(Map<String, Object> request, String key) throws ControlException {
        if (request.get(key) instanceof List<?> list) {
            return list;
        }
        throw new ControlException("the request needs the list \"" + key + "\"");
    }

    private static Map<String, Object> fields(Map<String, Object> request) throws ControlException {
        if (!(request.get("rules") instanceof Map<?, ?> rules)) {
            throw new ControlException("the request needs \"rules\"");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        rules.forEach((key, value) -> fields.put(String.valueOf(key), Objects.requireNonNullElse(value, "")));
        return fields;
    }
}

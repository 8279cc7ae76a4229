package tirl.daemon.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;
import tirl.config.Config;
import tirl.config.Config.FirewallMode;
import tirl.config.Config.Limits;
import tirl.config.Config.PortRange;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.config.Problem;
import tirl.daemon.config.Section.Placed;
import tirl.door.Door;
import tirl.door.Service;
import tirl.door.ServicePort;
import tirl.fwknop.access.FwknopdVariable;
import tirl.join.JoinRule;

/** Reads a whole configuration file. */
public final class ConfigReader {
    /** Where the daemon looks when no file is named. */
    public static final Path DEFAULT_FILE = Path.of("/etc/tirl/tirl.toml");

    public static final Path DEFAULT_STATE = Path.of("/var/lib/tirl");
    public static final Path DEFAULT_CONTROL = Path.of("/run/tirl/control.sock");
    /** IFNAMSIZ of the kernel, less the final NUL. */
    private static final int MAX_INTERFACE_NAME = 15;

    private final Problems problems = new Problems();

    private ConfigReader() {}

    /** Reads the file. Never throws for what is in it: that becomes problems. */
    public static ConfigResult read(Path file) {
        try {
            return parse(text(file));
        } catch (NoSuchFileException e) {
            return failed("there is no such file");
        } catch (CharacterCodingException e) {
            return failed("this is not UTF-8 text");
        } catch (IOException e) {
            return failed("cannot be read: " + e.getMessage());
        }
    }

    /** The text of a file. A directory stands for what fwknopd's files in it say. */
    public static String text(Path file) throws IOException {
        if (!Files.isDirectory(file)) {
            return Files.readString(file);
        }
        String path = file.toAbsolutePath().normalize().toString();
        return "[fwknop]\ndirectory = \"" + path.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n";
    }

    private static ConfigResult failed(String message) {
        return new ConfigResult(Optional.empty(), List.of(new Problem(Problem.Severity.ERROR, 0, 0, message)));
    }

    /** Reads the text of a file. */
    public static ConfigResult parse(String toml) {
        ConfigReader reader = new ConfigReader();
        TomlParseResult parsed = Toml.parse(toml);
        parsed.errors().forEach(error -> reader.problems.error(error.position(), String.valueOf(error.getMessage())));
        if (parsed.hasErrors()) {
            return new ConfigResult(Optional.empty(), reader.problems.all());
        }
        Config config = reader.config(parsed);
        return new ConfigResult(
                reader.problems.anyError() ? Optional.empty() : Optional.of(config), reader.problems.all());
    }

    private Config config(TomlTable root) {
        for (String key : root.keySet()) {
            Set<String> known = Set.of("daemon", "service", "door", "limits", "break-glass", "spa", "fwknop", "mail");
            if (!known.contains(key)) {
                problems.error(
                        root.inputPositionOf(List.of(key)),
                        "\"" + key + "\" is no section"
                                + Suggestion.of(key, known.stream().sorted().toList()));
            }
        }
        Map<String, Service> services = new LinkedHashMap<>();
        ServiceReader serviceReader = new ServiceReader(services, problems);
        List<Section> serviceSections = tables(root, "service");
        serviceSections.forEach(serviceReader::read);
        DoorReader doorReader = new DoorReader(services, problems);
        List<Door> doors = tables(root, "door").stream()
                .map(doorReader::read)
                .flatMap(Optional::stream)
                .toList();
        doorReader.adviseOnAll(doors);
        Section limits = table(root, "limits");
        Limits bounds = new Limits(
                limits.number("half-done", Limits.DEFAULT.halfDone(), 16, 1_048_576),
                limits.number("leases", Limits.DEFAULT.leases(), 1, 1_000_000),
                limits.number("leases-per-source", Limits.DEFAULT.leasesPerSource(), 1, 4096));
        limits.finish();
        Optional<FwknopFiles> fwknop = root.contains(List.of("fwknop"))
                ? Optional.of(new FwknopReader(problems).read(table(root, "fwknop")))
                : Optional.empty();
        Config config = daemon(table(root, "daemon"), List.copyOf(services.values()), doors, bounds, fwknop);
        if (fwknop.isPresent()) {
            config = new FwknopReader(problems).into(config, fwknop.get());
        }
        if (root.contains(List.of("spa"))) {
            config = config.withSpa(Optional.of(new SpaReader(problems).read(table(root, "spa"), config)));
        }
        if (root.contains(List.of("mail"))) {
            config = config.withMail(Optional.of(new MailReader(problems).read(table(root, "mail"))));
        }
        IptablesBounds.check(config, serviceSections, problems);
        return root.contains(List.of("break-glass"))
                ? config.withBreakGlass(
                        new BreakGlassReader(services, problems).read(table(root, "break-glass"), config))
                : config;
    }

    private Config daemon(
            Section section, List<Service> services, List<Door> doors, Limits limits, Optional<FwknopFiles> fwknop) {
        List<String> interfaces = interfaces(section, fwknop);
        if (interfaces.contains("any") && interfaces.size() > 1) {
            problems.error(section.position("interfaces"), "\"any\" stands alone: it means every interface");
        }
        Path control = section.read("control", ConfigReader::absolutePath, DEFAULT_CONTROL);
        Path state = section.read("state", ConfigReader::absolutePath, DEFAULT_STATE);
        FirewallMode firewall = section.read("firewall", ConfigReader::firewallMode, FirewallMode.GUARD);
        int mark = section.read("mark", ConfigReader::mark, JoinRule.DEFAULT_MARK);
        if (section.has("mark") && firewall != FirewallMode.JOIN) {
            problems.error(section.position("mark"), "mark is for firewall = \"join\" only; take it away");
        }
        PortRange range = section.read("guarded-range", Notation::range, PortRange.ALL);
        Set<ServicePort> guarded =
                services.stream().flatMap(service -> service.ports().stream()).collect(Collectors.toSet());
        Set<ServicePort> open = new HashSet<>();
        for (Placed<ServicePort> port : section.list("public", Notation::port)) {
            open.add(port.value());
            if (guarded.contains(port.value())) {
                problems.error(port.position(), port.value() + " is public and guarded by a service; take one away");
            }
        }
        section.finish();
        return new Config(
                new Config.Host(interfaces, control, state, firewall, mark), range, open, services, doors, limits);
    }

    /** PCAP_INTF where the file names none. */
    private List<String> interfaces(Section section, Optional<FwknopFiles> fwknop) {
        if (fwknop.isPresent() && !section.has("interfaces")) {
            return fwknop.get().conf().text(FwknopdVariable.PCAP_INTF).stream().toList();
        }
        section.require("interfaces");
        return section.list("interfaces", ConfigReader::interfaceName).stream()
                .map(Placed::value)
                .distinct()
                .toList();
    }

    private Section table(TomlTable root, String key) {
        Object value = root.get(List.of(key));
        if (value != null && !(value instanceof TomlTable)) {
            problems.error(root.inputPositionOf(List.of(key)), "write [" + key + "], once");
        }
        TomlTable table = value instanceof TomlTable found ? found : Toml.parse("");
        return new Section("[" + key + "]", table, root.inputPositionOf(List.of(key)), problems);
    }

    private List<Section> tables(TomlTable root, String key) {
        List<Section> sections = new ArrayList<>();
        Object value = root.get(List.of(key));
        if (value == null) {
            return sections;
        }
        if (value instanceof TomlArray array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof TomlTable table) {
                    sections.add(new Section("[[" + key + "]]", table, array.inputPositionOf(i), problems));
                }
            }
        }
        if (sections.isEmpty()) {
            problems.error(root.inputPositionOf(List.of(key)), "write [[" + key + "]], with two brackets");
        }
        return sections;
    }

    private static String interfaceName(String text) throws NotationException {
        if (text.isEmpty()
                || text.length() > MAX_INTERFACE_NAME
                || !text.chars().allMatch(ConfigReader::inName)) {
            throw new NotationException("\"" + text + "\" is no name of an interface; `ip link` lists them");
        }
        return text;
    }

    private static boolean inName(int c) {
        return c > ' ' && c != '/' && c != ':' && c < 0x7f;
    }

    static Path absolutePath(String text) throws NotationException {
        Path path = Path.of(text);
        if (!path.isAbsolute()) {
            throw new NotationException("\"" + text + "\" must begin with /");
        }
        return path;
    }

    private static FirewallMode firewallMode(String text) throws NotationException {
        return switch (text) {
            case "guard" -> FirewallMode.GUARD;
            case "join" -> FirewallMode.JOIN;
            case "iptables" -> FirewallMode.IPTABLES;
            default ->
                throw new NotationException(
                        "\"" + text + "\" is no way to enforce a lease; write \"guard\", \"join\" or \"iptables\"");
        };
    }

    private static int mark(String text) throws NotationException {
        if (text.matches("0x0*[1248]0{0,7}")) {
            long mark = Long.parseLong(text.substring(2), 16);
            if (mark <= 0x8000_0000L) {
                return (int) mark;
            }
        }
        throw new NotationException(
                "\"" + text + "\" is not one bit of 32, in hexadecimal; write one such as \"0x1000\"");
    }
}

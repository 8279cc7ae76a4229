package tirl.knockd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tirl.door.FlagCondition;

/** Configurations that knockd 0.8 was started with, and what it said to them (testdata/configs/knockd/README.md). */
class RecordedConfigsTest {
    private static final Path RECORDED = Path.of("..", "testdata", "configs", "knockd", "recorded-configs.txt");

    private record Case(String input, Optional<String> error, List<String> debug, List<String> filters) {}

    @Test
    void parse_recordedConfigurations_saysWhatKnockdSaid() throws IOException {
        int accepted = 0;
        int refused = 0;
        for (Case recorded : cases()) {
            switch (KnockdConfigParser.parse(recorded.input())) {
                case KnockdConfigResult.Refused(int line, String message) -> {
                    assertThat(Optional.of(message)).as(recorded.input()).isEqualTo(recorded.error());
                    assertThat(message.startsWith("config: line " + line + ":")).isEqualTo(line > 0);
                    refused++;
                }
                case KnockdConfigResult.Accepted acceptance -> {
                    assertThat(recorded.error()).as(recorded.input()).isEmpty();
                    assertSame(recorded, acceptance.config());
                    accepted++;
                }
            }
        }
        assertThat(accepted).isGreaterThan(300);
        assertThat(refused).isGreaterThan(100);
    }

    /** Each debug line sets a key of the latest section; the last one of a key is what counts. */
    private static void assertSame(Case recorded, KnockdConfig config) {
        List<Map<String, String>> sections = new ArrayList<>();
        Map<String, String> options = new TreeMap<>();
        Map<String, String> current = options;
        String name = "";
        for (String line : recorded.debug()) {
            String rest = line.substring("config: ".length());
            if (rest.startsWith("new section: '")) {
                name = rest.substring("new section: '".length(), rest.length() - 1);
                current = options;
                if (!name.equals("options")) {
                    name = name.substring(0, Math.min(127, name.length()));
                    current = new TreeMap<>();
                    current.put("name", name);
                    sections.add(current);
                }
            } else if (rest.equals("usesyslog")) {
                options.put("usesyslog", "");
            } else if (!rest.startsWith("tcp flag: ")) {
                String key = rest.startsWith(name + ": ") ? rest.substring(name.length() + 2) : rest;
                current.put(key.substring(0, key.indexOf(": ")), key.substring(key.indexOf(": ") + 2));
            }
        }
        assertThat(config.doors().stream().map(RecordedConfigsTest::described).toList())
                .as(recorded.input())
                .isEqualTo(
                        sections.stream().map(RecordedConfigsTest::withDefaults).toList());
        assertThat(config.options().useSyslog()).isEqualTo(options.containsKey("usesyslog"));
        assertThat(config.options().logFile().orElse("")).isEqualTo(options.getOrDefault("log file", ""));
        assertThat(config.options().pidFile().orElse("")).isEqualTo(options.getOrDefault("pid file", ""));
        if (recorded.input().contains("::1")) {
            return; // the recording left out filters that are about IPv6
        }
        List<String> flags = config.doors().stream()
                .filter(door -> door.sequence().stream()
                        .anyMatch(step -> step.toString().endsWith("tcp")))
                .flatMap(door -> Stream.generate(() -> tests(door.flags()))
                        // With a Target the filter without flags is the same for IPv6, and recorded twice.
                        .limit(door.target().isPresent() && door.flags().equals(FlagCondition.ANY) ? 2 : 1))
                .sorted()
                .toList();
        List<String> recordedFlags = recorded.filters().stream()
                .filter(filter -> filter.contains("(tcp dst port"))
                .map(RecordedConfigsTest::tests)
                .sorted()
                .toList();
        assertThat(flags).as(recorded.input()).isEqualTo(recordedFlags);
    }

    private static Map<String, String> withDefaults(Map<String, String> section) {
        section.putIfAbsent("seq_timeout", "25");
        section.putIfAbsent("cmd_timeout", "10");
        return section;
    }

    private static Map<String, String> described(KnockdDoor door) {
        Map<String, String> section = new TreeMap<>();
        section.put("name", door.name());
        section.put(
                "sequence", door.sequence().stream().map(KnockdStep::toString).collect(Collectors.joining(",")));
        section.put("seq_timeout", Integer.toString(door.seqTimeoutSeconds()));
        section.put("cmd_timeout", Integer.toString(door.cmdTimeoutSeconds()));
        door.startCommand().ifPresent(command -> section.put("start_command", command));
        door.startCommand6().ifPresent(command -> section.put("start_command_6", command));
        door.stopCommand().ifPresent(command -> section.put("stop_command", command));
        door.stopCommand6().ifPresent(command -> section.put("stop_command_6", command));
        door.target().ifPresent(target -> section.put("target", spelling(target.toString())));
        return section;
    }

    /** The one recorded Target in another spelling, which is none to us. */
    private static String spelling(String target) {
        return target.equals("::") ? "FD00::1" : target;
    }

    private static String tests(FlagCondition flags) {
        List<String> tests = new ArrayList<>();
        for (String name : List.of("fin", "syn", "rst", "psh", "ack", "urg")) {
            int bit = FlagCondition.NAMES.getOrDefault(name, 0);
            String word = name.equals("psh") ? "push" : name;
            if ((flags.set() & bit) != 0) {
                tests.add(word + "!=");
            } else if ((flags.clear() & bit) != 0) {
                tests.add(word + "==");
            }
        }
        return String.join(" ", tests);
    }

    private static String tests(String filter) {
        List<String> tests = new ArrayList<>();
        for (String part : filter.split("tcp\\[tcpflags\\] & tcp-", -1)) {
            if (part.startsWith("adding")) {
                continue;
            }
            tests.add(part.split(" ", 3)[0] + part.split(" ", 3)[1]);
        }
        return String.join(" ", tests);
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String block : ("\n" + Files.readString(RECORDED)).split("\nin: ", -1)) {
            String[] lines = block.split("\n", -1);
            Optional<String> error = Optional.empty();
            List<String> debug = new ArrayList<>();
            List<String> filters = new ArrayList<>();
            for (String line : lines) {
                if (line.startsWith("err: ")) {
                    error = Optional.of(unescape(line.substring(5)));
                } else if (line.startsWith("out: ")) {
                    debug.add(unescape(line.substring(5)));
                } else if (line.startsWith("filter: ")) {
                    filters.add(line.substring(8));
                }
            }
            if (!block.isEmpty()) {
                cases.add(new Case(unescape(lines[0]), error, debug, filters));
            }
        }
        return cases;
    }

    private static String unescape(String text) {
        return text.replace("\\\\", "\u0001")
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\t", "\t")
                .replace("\\v", "\u000b")
                .replace("\\f", "\f")
                .replace("\\0", "\0")
                .replace("\u0001", "\\");
    }
}

package tirl.fwknop.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;

/** Configurations that fwknopd 2.6.10 was asked about, and what it said (testdata/configs/fwknop/README.md). */
class RecordedConfigsTest {
    private static final Path RECORDED = Path.of("..", "testdata", "configs", "fwknop", "recorded.txt");
    private static final Inclusions NOTHING = _ -> new Inclusions.Found.Missing("no files here");

    /**
     * What fwknopd takes and we do not, each with its reason: the value means something else there than it looks like, or
     * nobody could use it.
     */
    private static final List<Pattern> STRICTER =
            List.of(Pattern.compile("(?m)^OPEN_PORTS[ \t:]+udp/x")); // read as port 0: every request would be refused

    private record Case(List<String> conf, List<String> access, List<String> out, Optional<String> error) {}

    @Test
    void recordedTexts_meanWhatFwknopdSaysTheyMean() throws IOException {
        int accepted = 0;
        int refused = 0;
        for (Case recorded : cases()) {
            String access = String.join("\n", recorded.access());
            FwknopdConfParser.Result conf = FwknopdConfParser.parse("fwknopd.conf", bytes(recorded.conf()));
            AccessParser.Result result = AccessParser.parse(
                    AccessFile.read("access.conf", bytes(recorded.access())), conf.conf(), NOTHING, ZoneOffset.UTC);
            boolean usable = conf.isUsable() && result.isUsable();
            if (recorded.error().isPresent()) {
                assertThat(usable).as("%s\n%s", recorded, result.findings()).isFalse();
                refused++;
            } else if (STRICTER.stream()
                    .noneMatch(pattern -> pattern.matcher(access).find())) {
                assertThat(usable)
                        .as("%s\n%s\n%s", recorded, conf.findings(), result.findings())
                        .isTrue();
                assertSame(recorded, conf.conf(), result.stanzas());
                accepted++;
            }
        }
        assertThat(accepted).isGreaterThan(180);
        assertThat(refused).isGreaterThan(150);
    }

    private static void assertSame(Case recorded, FwknopdConf conf, List<Stanza> stanzas) {
        List<Map<String, String>> sections = new ArrayList<>();
        Map<String, String> current = new LinkedHashMap<>();
        Map<String, String> global = current;
        for (String line : recorded.out()) {
            String[] pair = line.split(": ", 2);
            if (pair[0].startsWith("SOURCE (")) {
                current = new LinkedHashMap<>();
                sections.add(current);
            }
            current.put(pair[0], pair.length > 1 ? pair[1] : "");
        }
        assertThat(stanzas).as("%s", recorded).hasSameSizeAs(sections);
        for (Map.Entry<String, String> setting : global.entrySet()) {
            FwknopdVariable variable = FwknopdVariable.valueOf(setting.getKey());
            // Where it ran, which is nowhere else.
            if (!setting.getValue().startsWith("FOLDER")) {
                assertThat(conf.text(variable))
                        .as("%s", recorded)
                        .contains(setting.getValue().strip());
            }
        }
        for (int i = 0; i < stanzas.size(); i++) {
            Map<String, String> ours = described(stanzas.get(i));
            Map<String, String> theirs = new LinkedHashMap<>(sections.get(i));
            theirs.keySet().retainAll(ours.keySet());
            assertThat(ours).as("%s", recorded).isEqualTo(theirs);
        }
    }

    /** As fwknopd prints it, unset values left out. */
    private static Map<String, String> described(Stanza stanza) {
        Map<String, String> described = new LinkedHashMap<>();
        stanza.keys().cipher().ifPresent(key -> {
            int length = Integer.parseInt(length(key.toString()));
            // What legacy mode cuts off is not counted.
            described.put(
                    "KEY_LEN", Integer.toString(key.mode() == EncryptionMode.LEGACY ? Math.min(length, 16) : length));
        });
        stanza.keys().hmac().ifPresent(hmac -> {
            described.put("HMAC_KEY_LEN", length(hmac.toString()));
            described.put(
                    "HMAC_DIGEST_TYPE",
                    Integer.toString(List.of(DigestType.values()).indexOf(hmac.type()) + 1));
        });
        described.put("FW_ACCESS_TIMEOUT", Integer.toString(stanza.times().seconds()));
        described.put("MAX_FW_TIMEOUT", Integer.toString(stanza.times().mostSeconds()));
        described.put("ENABLE_CMD_EXEC", stanza.commands().enabled() ? "Yes" : "No");
        described.put("REQUIRE_SOURCE_ADDRESS", stanza.requireSource() ? "Yes" : "No");
        described.put("DISABLE_DNAT", stanza.nat().disableDnat() ? "Yes" : "No");
        described.put("FORWARD_ALL", stanza.nat().forwardAll() ? "Yes" : "No");
        stanza.user().ifPresent(user -> described.put("REQUIRE_USERNAME", user));
        stanza.nat().force().ifPresent(force -> {
            described.put("FORCE_NAT (ip)", force.target().toString());
            described.put("FORCE_NAT (port)", Integer.toString(force.port()));
        });
        stanza.nat().snat().ifPresent(snat -> described.put("FORCE_SNAT (ip)", snat.toString()));
        stanza.commands().cycle().ifPresent(cycle -> {
            described.put("CMD_CYCLE_OPEN", String.join(" ", cycle.open().words()));
            described.put(
                    "CMD_CYCLE_CLOSE",
                    cycle.close().map(close -> String.join(" ", close.words())).orElse("NONE"));
            described.put("CMD_CYCLE_TIMER", Integer.toString(cycle.seconds().orElse(0)));
        });
        stanza.commands().user().ifPresent(user -> described.put("CMD_EXEC_USER", user));
        stanza.keys().gpg().ifPresent(gpg -> {
            described.put("GPG_DECRYPT_ID", gpg.decryptId());
            described.put("GPG_REMOTE_ID", String.join(",", gpg.signers()));
            described.put("GPG_REQUIRE_SIG", gpg.requireSignature() ? "Yes" : "No");
        });
        return described;
    }

    /** Keys say how long they are, and nothing else. */
    private static String length(String key) {
        return key.replaceFirst(".* of (\\d+) bytes.*", "$1");
    }

    private static byte[] bytes(List<String> lines) {
        return String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        Case current = empty();
        for (String line : Files.readAllLines(RECORDED)) {
            if (line.isEmpty()) {
                cases.add(current);
                current = empty();
            } else if (line.startsWith("err: ")) {
                current = new Case(current.conf(), current.access(), current.out(), Optional.of(line.substring(5)));
            } else {
                String[] pair = line.split(": ?", 2);
                switch (pair[0]) {
                    case "conf" -> current.conf().add(pair[1]);
                    case "access" -> current.access().add(pair[1]);
                    default -> current.out().add(pair[1]);
                }
            }
        }
        return cases;
    }

    private static Case empty() {
        return new Case(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), Optional.empty());
    }
}

package tirl.importer;

import java.util.List;
import tirl.fwknop.access.Ancestor;
import tirl.fwknop.access.ConfLine;
import tirl.importer.ImportLine.Fate;

/** A stanza of fwknop 1.9 whose clients cannot be heard any more: what takes its place, without a key. */
final class LegacySpa {
    private static final String PACKETS =
            "neither fwknop 2.x nor tirl reads what clients up to 1.9.1 send; from 1.9.2 on it is the format of 2.x with"
                    + " ENCRYPTION_MODE legacy and without HMAC, which is weak. Better give them other clients";
    private static final String SEQUENCES =
            "encrypted knock sequences, which 2.x dropped and tirl does not read: its clients need another program";

    private final LegacyStanza stanza;
    private final List<ImportLine> report;

    LegacySpa(LegacyStanza stanza, List<ImportLine> report) {
        this.stanza = stanza;
        this.report = report;
    }

    /** What could take its place, in comments. */
    String toml() {
        String why = stanza.kind() == LegacyStanza.Kind.ENCRYPTED_SEQUENCE
                ? "a stanza of " + SEQUENCES
                : "a stanza of SPA is left out: " + PACKETS;
        report.add(new ImportLine(stanza.file(), stanza.line(), Fate.NOT_CONVERTIBLE, why));
        stanza.lines().forEach(this::line);
        return "\n# " + Toml.comment(stanza.file()) + ":" + stanza.line() + ": " + why + ".\n"
                + "# The stanza in an access.conf of 2.x, for a section [fwknop]:\n"
                + "#     SOURCE " + Toml.comment(stanza.source()) + "\n" + ports() + timeout() + likewise()
                + "#     KEY_BASE64 and HMAC_KEY_BASE64 as `tirl fwknop --key-gen --use-hmac` prints them\n";
    }

    private String ports() {
        LegacyPorts open = LegacyPorts.of(stanza.text("OPEN_PORTS").orElse(""));
        return open.services().isEmpty()
                ? ""
                : "#     OPEN_PORTS "
                        + String.join(
                                ", ",
                                open.services().stream().map(Object::toString).toList())
                        + "\n";
    }

    private String timeout() {
        return "#     FW_ACCESS_TIMEOUT "
                + stanza.number("FW_ACCESS_TIMEOUT")
                        .filter(seconds -> seconds > 0)
                        .orElse(300)
                + "\n";
    }

    /** What means the same in 2.x. */
    private String likewise() {
        StringBuilder text = new StringBuilder();
        for (String name : List.of("REQUIRE_USERNAME", "GPG_HOME_DIR", "GPG_DECRYPT_ID", "GPG_REMOTE_ID")) {
            stanza.text(name)
                    .ifPresent(value -> text.append("#     ")
                            .append(name)
                            .append(' ')
                            .append(Toml.comment(value))
                            .append('\n'));
        }
        return text.toString();
    }

    private void line(ConfLine line) {
        String name = line.variable();
        report.add(
                switch (name) {
                    case "KEY" ->
                        say(
                                line,
                                Fate.NOT_CONVERTIBLE,
                                "KEY: make new keys for clients of 2.x, with an HMAC key: `tirl fwknop --key-gen --use-hmac`");
                    case "GPG_HOME_DIR", "GPG_DECRYPT_ID", "GPG_DECRYPT_PW", "GPG_REMOTE_ID" ->
                        say(
                                line,
                                Fate.NOT_CONVERTIBLE,
                                name
                                        + ": means the same in an access.conf of 2.x, whose clients can go on with this key ring");
                    case "OPEN_PORTS", "FW_ACCESS_TIMEOUT", "REQUIRE_USERNAME", "REQUIRE_SOURCE_ADDRESS" ->
                        say(line, Fate.NOT_CONVERTIBLE, name + ": means the same in an access.conf of 2.x");
                    case "ENABLE_CMD_EXEC" ->
                        say(
                                line,
                                Fate.NOT_CONVERTIBLE,
                                "ENABLE_CMD_EXEC: means the same in an access.conf of 2.x, with CMD_EXEC_USER; better leave it off");
                    case String _ ->
                        say(
                                line,
                                Fate.DROPPED,
                                name + ": "
                                        + Ancestor.inAccessConf(name)
                                                .orElse("it is no variable of fwknop 1.9, which ignores it"));
                });
    }

    private ImportLine say(ConfLine line, Fate fate, String text) {
        return new ImportLine(stanza.file(), line.line(), fate, text);
    }
}

package tirl.importer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tirl.config.Mail;
import tirl.fwknop.access.ConfLine;
import tirl.importer.ImportLine.Fate;

/** EMAIL_ADDRESSES and ALERTING_METHODS of fwknop 1.9 as a section {@code [mail]}. */
final class LegacyMail {
    private static final String HEAD = """

            # fwknop ran mail or sendmail; tirl hands its mail to the server that listens on port 25 of this host.
            # better: server, user and password-file of your mail server, with security = "starttls";
            # `tirl check --mail` tries it.
            [mail]
            """;

    private final LegacyConf conf;
    private final List<ImportLine> report;
    private final List<String> to = new ArrayList<>();

    LegacyMail(LegacyConf conf, List<ImportLine> report) {
        this.conf = conf;
        this.report = report;
    }

    /** The section; empty when nobody had mail. */
    String toml() {
        conf.line("EMAIL_ADDRESSES").ifPresent(this::addresses);
        boolean silent = conf.text("ALERTING_METHODS")
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(text -> text.contains("noemail") || text.contains("nomail"))
                .isPresent();
        conf.line("ALERTING_METHODS")
                .ifPresent(line -> say(
                        line,
                        Fate.CONVERTED,
                        silent
                                ? "ALERTING_METHODS: no section [mail]; the log is tirl's own"
                                : "ALERTING_METHODS: a section [mail], and the log"));
        if (to.isEmpty() || silent) {
            return "";
        }
        return HEAD + "to = " + Toml.list(to) + "\nfrom = " + Toml.string(from())
                + "\nserver = \"localhost\"\nsecurity = \"none\"\n";
    }

    private void addresses(ConfLine line) {
        for (String entry : line.trimmed().split("\\s*,\\s*", -1)) {
            if (Mail.isAddress(entry)) {
                to.add(entry);
            } else {
                say(line, Fate.NOT_CONVERTIBLE, "EMAIL_ADDRESSES: \"" + entry + "\" is no address; write name@host");
            }
        }
        if (!to.isEmpty()) {
            say(
                    line,
                    Fate.CONVERTED,
                    "EMAIL_ADDRESSES: [mail] to = " + Toml.list(to) + ", when a door opens and when it shuts");
            say(
                    line,
                    Fate.CHANGED,
                    "EMAIL_ADDRESSES: the mail goes to localhost port 25, where a server has to listen; what happens within"
                            + " a minute of a mail comes in one more, while fwknop sent one for each");
        }
    }

    /** As 1.9: what it sends comes from the recipient, or from this host if it has a name there. */
    private String from() {
        return conf.text("HOSTNAME")
                .map(host -> "tirl@" + host)
                .filter(Mail::isAddress)
                .filter(address -> !address.contains("CHANGEME"))
                .or(() -> Optional.of(to.getFirst()))
                .orElseThrow();
    }

    private void say(ConfLine line, Fate fate, String text) {
        report.add(new ImportLine(conf.file(), line.line(), fate, text));
    }
}

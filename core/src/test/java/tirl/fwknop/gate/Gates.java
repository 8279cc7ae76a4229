package tirl.fwknop.gate;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Optional;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.AccessParser;
import tirl.fwknop.access.FwknopdConfParser;
import tirl.fwknop.access.Inclusions;
import tirl.fwknop.access.Networks;

/** Gates from the text of their files. */
final class Gates {
    private Gates() {}

    static FwknopGate of(String conf, String access) {
        return of(conf, access, Optional.empty());
    }

    static FwknopGate of(String conf, String access, Optional<OpenPgp> openPgp) {
        FwknopdConfParser.Result daemon = FwknopdConfParser.parse("fwknopd.conf", bytes(conf));
        AccessParser.Result result = AccessParser.parse(
                AccessFile.read("access.conf", bytes(access)),
                daemon.conf(),
                _ -> new Inclusions.Found.Missing("no files here"),
                ZoneOffset.UTC);
        if (!daemon.isUsable() || !result.isUsable()) {
            throw new IllegalStateException(daemon.findings() + " " + result.findings());
        }
        return new FwknopGate(result.stanzas(), daemon.conf(), Networks.LOOPBACK, openPgp);
    }

    /** A stanza of {@link Sender#of}, and more lines. */
    static String stanza(String key, String... more) {
        return "SOURCE ANY\nKEY " + key + "\nHMAC_KEY hmac of " + key + "\n" + String.join("\n", more) + "\n";
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

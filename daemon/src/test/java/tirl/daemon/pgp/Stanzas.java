package tirl.daemon.pgp;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.AccessParser;
import tirl.fwknop.access.FwknopdConfParser;
import tirl.fwknop.access.Gpg;
import tirl.fwknop.access.Inclusions;

/** GPG_ variables as they stand in access.conf. */
final class Stanzas {
    private Stanzas() {}

    static Gpg gpg(Path home, String decryptId, String... more) {
        String text = "SOURCE ANY\nGPG_HOME_DIR " + home + "\nGPG_DECRYPT_ID " + decryptId + "\n"
                + String.join("\n", more) + "\n";
        AccessParser.Result result = AccessParser.parse(
                AccessFile.read("access.conf", text.getBytes(StandardCharsets.UTF_8)),
                FwknopdConfParser.parse("fwknopd.conf", new byte[0]).conf(),
                _ -> new Inclusions.Found.Missing("no files here"),
                ZoneOffset.UTC);
        if (!result.isUsable()) {
            throw new IllegalStateException(result.findings().toString());
        }
        return result.stanzas().getFirst().keys().gpg().orElseThrow();
    }

    static GnupgDecryption load(Gpg gpg) throws KeyRingException {
        return GnupgDecryption.load(List.of(gpg), Path.of("/nonexistent"), InstantSource.system());
    }

    static GnupgDecryption load(Gpg gpg, Instant now) throws KeyRingException {
        return GnupgDecryption.load(List.of(gpg), Path.of("/nonexistent"), InstantSource.fixed(now));
    }

    /** The text, or the name of the refusal. */
    static String read(GnupgDecryption pgp, byte[] message, Gpg gpg) {
        return switch (pgp.open(message, gpg)) {
            case PgpOutcome.Opened opened -> new String(opened.text(), StandardCharsets.US_ASCII);
            case PgpOutcome.Refused(PgpRefusal why) -> why.name();
        };
    }
}

package tirl.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tirl.client.fwknop.Keys;

/** The real fwknop client 2.6.10 at our door, in every way that it can be called. */
@Tag("netns")
class FwknopMatrixTest {
    private static final List<String> MODES = List.of("CBC", "CTR", "CFB", "OFB", "ECB");
    private static final int HMACS = 8;
    private static final int KINDS = 7;
    private static final int DIGESTS = 7;
    private static final int CARRIERS = 6;
    private static final List<FwknopRow.Carrier> EACH = List.of(FwknopRow.Carrier.values());
    /** Every digest over every carrier, which takes minutes: CONTRIBUTING.md. */
    private static final boolean ALL = Boolean.getBoolean("tirl.fwknop.all");

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder = Path.of("/nonexistent");

    /** Over UDP with every digest; over the other carriers the digests take turns. */
    @Test
    void everyModeHmacDigestMessageAndCarrier_ofRijndael() throws Exception {
        FwknopMatrix matrix = new FwknopMatrix(folder);
        for (String mode : MODES) {
            for (Optional<String> hmac : FwknopMatrix.hmacs()) {
                rows(matrix, mode, hmac, Keys.generate(32, 64, RANDOM));
            }
        }
        // The client takes no HMAC with it.
        rows(matrix, "legacy", Optional.empty(), Keys.generate(16, 64, RANDOM));

        int stanzas = MODES.size() * HMACS + 1;
        int digestsAndCarriers = ALL ? DIGESTS * CARRIERS : DIGESTS + CARRIERS - 1;
        assertThat(matrix.assertAll()).isEqualTo(stanzas * KINDS * digestsAndCarriers);
    }

    private static void rows(FwknopMatrix matrix, String mode, Optional<String> hmac, Keys keys) {
        FwknopStanza stanza = matrix.stanza(line -> FwknopStanza.rijndael(mode, hmac, keys, line));
        int turn = 0;
        for (FwknopRow.Kind kind : FwknopRow.Kind.values()) {
            for (FwknopRow.Carrier carrier : FwknopRow.Carrier.values()) {
                if (ALL || carrier == FwknopRow.Carrier.UDP) {
                    FwknopMatrix.DIGESTS.forEach(digest -> matrix.row(stanza, digest, kind, carrier));
                } else {
                    matrix.row(stanza, FwknopMatrix.DIGESTS.get(turn++ % DIGESTS), kind, carrier);
                }
            }
        }
    }

    /** Signed and not, with every HMAC and message; digests and carriers take turns, as gpg is slow. */
    @Test
    void everySignatureHmacAndMessage_ofGnupg() throws Exception {
        FwknopMatrix matrix = new FwknopMatrix(folder);
        int turn = 0;
        try (FwknopGnupg gnupg = new FwknopGnupg(folder, "rsa2048", "rsa2048")) {
            // A stanza that asks for no signature takes signed packets too, so it comes last.
            for (boolean signed : new boolean[] {true, false}) {
                for (Optional<String> hmac : FwknopMatrix.hmacs()) {
                    Keys keys = Keys.generate(32, 64, RANDOM);
                    FwknopStanza stanza = matrix.stanza(line -> FwknopStanza.gnupg(gnupg, signed, hmac, keys, line));
                    for (FwknopRow.Kind kind : FwknopRow.Kind.values()) {
                        if (ALL) {
                            all(matrix, stanza, kind);
                        } else {
                            FwknopRow.Carrier carrier = EACH.get(turn % CARRIERS);
                            matrix.row(stanza, FwknopMatrix.DIGESTS.get(turn++ % DIGESTS), kind, carrier);
                        }
                    }
                }
            }

            assertThat(matrix.assertAll()).isEqualTo(2 * HMACS * KINDS * (ALL ? DIGESTS * CARRIERS : 1));
        }
    }

    private static void all(FwknopMatrix matrix, FwknopStanza stanza, FwknopRow.Kind kind) {
        for (FwknopRow.Carrier carrier : FwknopRow.Carrier.values()) {
            FwknopMatrix.DIGESTS.forEach(digest -> matrix.row(stanza, digest, kind, carrier));
        }
    }
}

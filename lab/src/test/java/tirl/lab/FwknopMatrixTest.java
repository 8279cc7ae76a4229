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

        int stanzas = MODES.size() * 8 + 1;
        assertThat(matrix.assertAll()).isEqualTo(stanzas * 7 * (7 + 5));
    }

    private static void rows(FwknopMatrix matrix, String mode, Optional<String> hmac, Keys keys) {
        FwknopStanza stanza = matrix.stanza(line -> FwknopStanza.rijndael(mode, hmac, keys, line));
        int turn = 0;
        for (FwknopRow.Kind kind : FwknopRow.Kind.values()) {
            for (FwknopRow.Carrier carrier : FwknopRow.Carrier.values()) {
                if (carrier == FwknopRow.Carrier.UDP) {
                    FwknopMatrix.DIGESTS.forEach(digest -> matrix.row(stanza, digest, kind, carrier));
                } else {
                    matrix.row(stanza, FwknopMatrix.DIGESTS.get(turn++ % 7), kind, carrier);
                }
            }
        }
    }

    /** Signed and not, with every HMAC, digest and message; the carriers take turns. */
    @Test
    void everySignatureHmacDigestAndMessage_ofGnupg() throws Exception {
        FwknopMatrix matrix = new FwknopMatrix(folder);
        FwknopRow.Carrier[] carriers = FwknopRow.Carrier.values();
        int turn = 0;
        try (FwknopGnupg gnupg = new FwknopGnupg(folder)) {
            // A stanza that asks for no signature takes signed packets too, so it comes last.
            for (boolean signed : new boolean[] {true, false}) {
                for (Optional<String> hmac : FwknopMatrix.hmacs()) {
                    Keys keys = Keys.generate(32, 64, RANDOM);
                    FwknopStanza stanza =
                            matrix.stanza(line -> FwknopStanza.gnupg(gnupg, signed, hmac, keys, line));
                    for (String digest : FwknopMatrix.DIGESTS) {
                        for (FwknopRow.Kind kind : FwknopRow.Kind.values()) {
                            matrix.row(stanza, digest, kind, carriers[turn++ % carriers.length]);
                        }
                    }
                }
            }

            assertThat(matrix.assertAll()).isEqualTo(2 * 8 * 7 * 7);
        }
    }
}

package tirl.client.spa;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import tirl.spa.Invitation.Carriers;

class SilenceTest {
    private static final Carriers UDP = new Carriers(62201, 62201, false);
    private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");

    @Test
    void explain_nothingHeard_namesWhatCanBe() {
        assertThat(Silence.explain(UDP, false, false, NOW))
                .startsWith("UDP port 62201 does not get through")
                .contains("2026-11-22T07:00:00Z")
                .doesNotContain("more packets");
    }

    @Test
    void explain_unreachable_saysThatTheHostSaidSo() {
        assertThat(Silence.explain(UDP, true, false, NOW))
                .startsWith("the host itself says that nobody is at UDP port 62201")
                .doesNotContain("more packets");
    }

    /** A host that drops nothing says so of tirl's own port, too: then the other cause is the true one. */
    @Test
    void explain_tooManyPackets_saysSoWhateverElseItSays() {
        for (boolean unreachable : new boolean[] {false, true}) {
            assertThat(Silence.explain(UDP, unreachable, true, NOW)).endsWith("than a server takes: wait a few");
        }
    }
}

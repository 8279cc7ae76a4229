package tirl.fwknop.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Optional;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.door.ServicePort;
import tirl.fwknop.SpaRequest;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.AccessParser;
import tirl.fwknop.access.FwknopdConfParser;
import tirl.fwknop.access.Inclusions;
import tirl.fwknop.access.Networks;

/** Gates from the text of their files, who asks them, and what they say. */
final class Gates {
    static final Sender ALICE = Sender.of("alices-long-secret-key");
    static final Sender BOB = Sender.of("bobs-long-secret-key");
    static final SpaRequest SSH = Sender.access(Sender.CLIENT, "tcp/22");

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

    static Decision decide(FwknopGate gate, byte[] packet) {
        return gate.decide(packet, Sender.CLIENT, Sender.SERVER, Sender.NOW);
    }

    /** What Alice gets by a stanza with these lines. */
    static Decision decide(String conf, String more, SpaRequest request) {
        return decide(Gates.of(conf, Gates.stanza(ALICE.key(), more)), ALICE.send(request));
    }

    static Action granted(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Granted.class);
        return ((Decision.Granted) decision).action();
    }

    static ServicePort port(String text) {
        try {
            return Notation.port(text);
        } catch (NotationException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

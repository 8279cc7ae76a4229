package tirl.daemon.fwknop;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.config.Config.FwknopNat;
import tirl.daemon.practice.Datagrams;
import tirl.daemon.practice.Exercise;
import tirl.daemon.practice.StagedPipeline;
import tirl.daemon.practice.Strangers;
import tirl.daemon.spa.ClaimWriter;
import tirl.daemon.spa.RehearsedClaims;
import tirl.daemon.spa.SpaClock;
import tirl.daemon.store.Store;
import tirl.event.EventSink;
import tirl.fwknop.CipherKey;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.Envelope;
import tirl.fwknop.HmacKey;
import tirl.fwknop.RequestedPort;
import tirl.fwknop.SealResult;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.SpaRequest;
import tirl.fwknop.access.AccessFile;
import tirl.fwknop.access.AccessParser;
import tirl.fwknop.access.FwknopdConf;
import tirl.fwknop.access.FwknopdConfParser;
import tirl.fwknop.access.Inclusions;
import tirl.fwknop.access.Networks;
import tirl.fwknop.gate.Callers;
import tirl.fwknop.gate.FwknopGate;
import tirl.packet.Address;
import tirl.packet.Transport;

/**
 * Plays all that a packet of a fwknop client costs, from the decoder to the firewall, with a stanza whose key is nobody's, so that the
 * JVM has compiled it when the first real one comes. On a thread of its own and with parts of its own; nothing of it stays, in the
 * store neither.
 */
public final class FwknopPractice implements Exercise {
    private static final int PORT = 62_201;
    private static final int STRANGER_EACH = 8;
    private static final String KEY = "of-no-use";
    private static final String HMAC_KEY = "of-no-use-either";
    private final SpaClock clock = SpaClock.system();
    private final List<StagedPipeline> staged;
    private final List<FwknopReceiver> receivers = new ArrayList<>();
    private final Datagrams datagrams = new Datagrams();
    private long number;

    /** @param events takes what would be told */
    public FwknopPractice(Store store, EventSink events) {
        String access = "SOURCE ANY\nKEY " + KEY + "\nHMAC_KEY " + HMAC_KEY + "\n";
        FwknopdConf conf = FwknopdConfParser.parse("practice", new byte[0]).conf();
        AccessParser.Result stanzas = AccessParser.parse(
                AccessFile.read("practice", bytes(access)),
                conf,
                _ -> new Inclusions.Found.Missing("it has none"),
                ZoneOffset.UTC);
        staged = StagedPipeline.three(events);
        List<ClaimWriter> claims = RehearsedClaims.three(store);
        // Of three classes, as a Cast is.
        List<Decider> deciders = List.of(
                (asked, _, then) -> then.accept(asked.decide()),
                (asked, _, then) -> then.accept(asked.decide()),
                (asked, _, then) -> then.accept(asked.decide()));
        for (int i = 0; i < staged.size(); i++) {
            FwknopReceiver receiver = new FwknopReceiver(
                    deciders.get(i),
                    new Callers(1),
                    claims.get(i),
                    Predecessor.none(clock),
                    staged.get(i).pipeline(),
                    staged.get(i).events(),
                    _ -> {},
                    clock);
            receiver.hear(
                    new FwknopGate(stanzas.stanzas(), conf, Networks.LOOPBACK, Optional.empty()),
                    conf,
                    new NatRequests(List.of(), FwknopNat.NONE));
            receivers.add(receiver);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void run() {
        number++;
        // Who was there before is looked up in another way than who was not.
        Address client =
                number % STRANGER_EACH == 0 ? Address.ofIpv4(Strangers.ipv4(number)) : Datagrams.client(number);
        SpaRequest request = new SpaRequest.Access(
                client, List.of(new RequestedPort(Transport.TCP, 22)), Optional.empty(), OptionalInt.empty());
        SpaMessage message = new SpaMessage(
                String.format(Locale.ROOT, "%016d", number),
                "practice",
                Math.floorDiv(clock.wall().millis(), 1000),
                "3.0.0",
                request,
                Optional.empty(),
                DigestType.SHA256);
        SealResult sealed = Envelope.seal(
                message,
                new CipherKey(bytes(KEY), EncryptionMode.CBC),
                Optional.of(new HmacKey(bytes(HMAC_KEY), DigestType.SHA256)),
                // Another each time, as with real ones: keys are made of it.
                ByteBuffer.allocate(Envelope.SALT).putLong(number).array());
        if (!(sealed instanceof SealResult.Sealed(String packet))) {
            throw new IllegalStateException("the practice's own packet: " + sealed);
        }
        int turn = (int) (number % receivers.size());
        receivers.get(turn).on(datagrams.to(client, PORT, bytes(packet)));
        staged.get(turn).clearAt(Datagrams.clients(), clock.nanoTime().getAsLong());
    }
}

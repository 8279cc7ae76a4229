package tirl.daemon.fwknop;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.daemon.store.Store;
import tirl.daemon.store.StoreException;
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
import tirl.fwknop.gate.Decision;
import tirl.fwknop.gate.FwknopGate;
import tirl.packet.Address;
import tirl.packet.Transport;

/**
 * What a packet of a fwknop client costs, done again and again by a gate of its own whose key is nobody's, so that the JVM compiles
 * it before the first real one comes. Nothing of it stays, in the store neither.
 */
public final class FwknopPractice implements Runnable {
    /** Of TEST-NET (RFC 5737). */
    private static final Address CLIENT = Address.parse("192.0.2.1").orElseThrow();

    private static final Address SERVER = Address.parse("192.0.2.2").orElseThrow();
    private static final long NOW_S = 1_800_000_000L;
    private static final byte[] KEY = "of-no-use".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SALT = {1, 2, 3, 4, 5, 6, 7, 8};

    private final Store store;
    private final FwknopGate gate;
    private final byte[] packet;

    public FwknopPractice(Store store) {
        this.store = store;
        byte[] access =
                ("SOURCE ANY\nKEY " + text(KEY) + "\nHMAC_KEY " + text(KEY) + "\n").getBytes(StandardCharsets.US_ASCII);
        FwknopdConf conf = FwknopdConfParser.parse("practice", new byte[0]).conf();
        gate = new FwknopGate(
                AccessParser.parse(
                                AccessFile.read("practice", access),
                                conf,
                                _ -> new Inclusions.Found.Missing("it has none"),
                                ZoneOffset.UTC)
                        .stanzas(),
                conf,
                Networks.LOOPBACK,
                Optional.empty());
        SpaRequest request = new SpaRequest.Access(
                CLIENT, List.of(new RequestedPort(Transport.TCP, 22)), Optional.empty(), OptionalInt.empty());
        SpaMessage message = new SpaMessage(
                "1234567890123456", "practice", NOW_S, "3.0.0", request, Optional.empty(), DigestType.SHA256);
        SealResult sealed = Envelope.seal(
                message,
                new CipherKey(KEY, EncryptionMode.CBC),
                Optional.of(new HmacKey(KEY, DigestType.SHA256)),
                SALT);
        if (!(sealed instanceof SealResult.Sealed(String written))) {
            throw new IllegalStateException("the practice's own packet: " + sealed);
        }
        packet = written.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(byte[] key) {
        return new String(key, StandardCharsets.US_ASCII);
    }

    @Override
    public void run() {
        Decision decision = gate.decide(packet, CLIENT, SERVER, NOW_S);
        if (!(decision instanceof Decision.Granted granted)) {
            throw new IllegalStateException("the practice's own packet is not taken: " + decision);
        }
        try {
            store.rehearse(
                    session -> SeenPackets.isNew(session, granted.identity().digests(), NOW_S));
        } catch (StoreException storeTells) {
            // It is in trouble, which it reports by itself.
        }
    }
}

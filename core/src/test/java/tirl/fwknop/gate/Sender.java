package tirl.fwknop.gate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.fwknop.CipherKey;
import tirl.fwknop.DigestType;
import tirl.fwknop.EncryptionMode;
import tirl.fwknop.Envelope;
import tirl.fwknop.HmacKey;
import tirl.fwknop.NatTarget;
import tirl.fwknop.RequestedPort;
import tirl.fwknop.SealResult;
import tirl.fwknop.SpaMessage;
import tirl.fwknop.SpaRequest;
import tirl.packet.Address;
import tirl.packet.Transport;

/** A client with keys, made of text as KEY and HMAC_KEY are. */
record Sender(String key, Optional<String> hmac) {
    static final long NOW = 1_795_215_388;
    static final Address CLIENT = Address.ofIpv4(0xc000020a);
    static final Address SERVER = Address.ofIpv4(0xc6336401);
    static final Address ANYBODY = Address.ofIpv4(0);

    static Sender of(String key) {
        return new Sender(key, Optional.of("hmac of " + key));
    }

    byte[] send(SpaRequest request) {
        return send(request, "alice", NOW);
    }

    byte[] send(SpaRequest request, String user, long time) {
        SpaMessage message =
                new SpaMessage("1234567890123456", user, time, "3.0.0", request, Optional.empty(), DigestType.SHA256);
        SealResult sealed = Envelope.seal(
                message,
                new CipherKey(key.getBytes(StandardCharsets.US_ASCII), EncryptionMode.CBC),
                hmac.map(text -> new HmacKey(text.getBytes(StandardCharsets.US_ASCII), DigestType.SHA256)),
                new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        return ((SealResult.Sealed) sealed).text().getBytes(StandardCharsets.US_ASCII);
    }

    static SpaRequest access(Address allow, String... ports) {
        return new SpaRequest.Access(allow, ports(ports), Optional.empty(), OptionalInt.empty());
    }

    static SpaRequest lasting(int seconds, String... ports) {
        return new SpaRequest.Access(CLIENT, ports(ports), Optional.empty(), OptionalInt.of(seconds));
    }

    static SpaRequest nat(String port, String host, int inside, boolean local) {
        return new SpaRequest.Access(
                CLIENT, ports(port), Optional.of(new NatTarget(host, inside, local)), OptionalInt.empty());
    }

    private static List<RequestedPort> ports(String... ports) {
        return Arrays.stream(ports)
                .map(port -> new RequestedPort(
                        port.startsWith("tcp/") ? Transport.TCP : Transport.UDP, Integer.parseInt(port.substring(4))))
                .toList();
    }
}

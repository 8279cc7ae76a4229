package tirl.client.spa;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import tirl.spa.AddressClaim;
import tirl.spa.Body;
import tirl.spa.EnrolmentSecret;
import tirl.spa.KemPublicKey;
import tirl.spa.SealRandomness;
import tirl.spa.Sealer;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/**
 * A packet sealed with keys of nobody, for a second processor to do while the first one is still finding out what is wanted. Java
 * looks for who does each kind of cryptography when it is first asked, which takes longer than all of it.
 */
public final class SealingPractice {
    private static final int DISCARD = 9;

    private SealingPractice() {}

    /** Seals one that goes nowhere, and opens a socket that sends nothing. */
    public static void seal(SecureRandom random) throws IOException {
        X25519PublicKey server = new X25519PublicKey(bytes(X25519PublicKey.LENGTH));
        X25519PrivateKey device = new X25519PrivateKey(bytes(X25519PrivateKey.LENGTH));
        EnrolmentSecret enrolment = new EnrolmentSecret(bytes(EnrolmentSecret.LENGTH));
        SharedKeys keys = SharedKeys.atDevice(device, server, enrolment).orElseThrow();
        Request request = new Request(Request.Kind.OPEN, List.of(), Duration.ZERO, OptionalInt.empty());
        Body body = request.content(1, AddressClaim.OBSERVED).apply(new Body.Header(0, 1, false, false));
        new UdpCarrier(DISCARD, DISCARD, random)
                .to(InetAddress.getLoopbackAddress())
                .close();
        // Late, as the other thread begins with it. Zeroes are a key, see FIPS 203 section 7.2.
        KemPublicKey kem = KemPublicKey.of(new byte[KemPublicKey.LENGTH]).orElseThrow();
        SealRandomness randomness = new SealRandomness(bytes(SealRandomness.LENGTH));
        Sealer.seal(Suite.H, keys, kem, 0, body, randomness).answerKey().wipe();
        keys.wipe();
        enrolment.wipe();
        device.wipe();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 9);
        return bytes;
    }
}

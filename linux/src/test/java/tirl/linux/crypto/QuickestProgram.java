package tirl.linux.crypto;

import java.util.HexFormat;
import tirl.spa.X25519PrivateKey;

/** Says who computes on this host, then the public key of a private one. */
public final class QuickestProgram {
    private QuickestProgram() {}

    public static void main(String[] args) {
        System.out.println(QuickX25519.by());
        System.out.println(new X25519PrivateKey(HexFormat.of().parseHex(args[0]), QuickX25519::of).publicKey());
    }
}

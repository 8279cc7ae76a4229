package tirl.client.profile;

import java.util.Optional;
import tirl.spa.EnrolmentSecret;
import tirl.spa.KemPublicKey;
import tirl.spa.SharedKeys;
import tirl.spa.X25519PrivateKey;
import tirl.spa.X25519PublicKey;

/**
 * The keys of one device for one server.
 *
 * @param server the server's public key
 * @param device the device's own key
 * @param enrolment what both keep of the invitation
 * @param kem the server's ML-KEM key for this device
 * @param next the device's next key while a rotation is under way: whether the server has it is not known yet
 */
public record Identity(
        X25519PublicKey server,
        X25519PrivateKey device,
        EnrolmentSecret enrolment,
        KemPublicKey kem,
        Optional<X25519PrivateKey> next) {

    /** The keys of this device's packets; empty when the server's key is useless. */
    public Optional<SharedKeys> keys() {
        return SharedKeys.atDevice(device, server, enrolment);
    }

    /** What it will be when the rotation is done; empty when none is under way. */
    public Optional<Identity> rotated() {
        return next.map(
                key -> new Identity(server, key, enrolment.rotated(server, key.publicKey()), kem, Optional.empty()));
    }

    /** Zeroes what is ours of the secrets; nothing can be sealed afterwards. */
    public void wipe() {
        device.wipe();
        enrolment.wipe();
        next.ifPresent(X25519PrivateKey::wipe);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "Identity[" + device.publicKey() + " at " + server + "]";
    }
}

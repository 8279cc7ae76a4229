package tirl.daemon.spa;

import java.util.Optional;
import tirl.device.Device;
import tirl.device.DeviceUse;
import tirl.spa.X25519PublicKey;
import tirl.spa.gate.PeerBook;
import tirl.spa.gate.SpaGate;

/**
 * Who may knock by SPA, by the numbers that the gate gives to peers. Called from the decision thread only. What it returns
 * as a {@link Claim} is the caller's to have written.
 */
public interface DeviceRegister {
    /** The gate with all peers in it. */
    SpaGate gate();

    /** The gate's peers; a copy of it is what another thread makes the next epoch's table from. */
    PeerBook book();

    /** The device behind a number; empty for an invitation and for who is gone. */
    Optional<Device> device(int number);

    /** What the device has used up. */
    DeviceUse use(int number);

    /** The device's packet was admitted: its window, and what it has used up now, go to disk. */
    Claim admitted(int number, DeviceUse after);

    /** The invitation was used: from the claim on it is a device with this key. Empty when that key cannot be. */
    Optional<Claim> register(int number, X25519PublicKey key);

    /** The device wants another key; its old one lives on until the new one is used, or the grace is over. */
    Optional<Claim> rotate(int number, X25519PublicKey key);

    /** Invitations and devices whose time is over go. To be called about once a second. */
    void expire(long nowMs);
}

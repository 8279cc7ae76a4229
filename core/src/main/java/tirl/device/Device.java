package tirl.device;

import tirl.spa.EnrolmentSecret;
import tirl.spa.KemSeed;
import tirl.spa.X25519PublicKey;

/**
 * A device that is enrolled, as the server keeps it.
 *
 * @param name unique among devices and invitations, also in the labels of its leases
 * @param key the device's public key
 * @param enrolment what both keep of the invitation
 * @param seed of the server's ML-KEM key for this device
 */
public record Device(String name, X25519PublicKey key, EnrolmentSecret enrolment, KemSeed seed, AccessRules rules) {}

package tirl.client.spa;

import java.security.SecureRandom;
import java.time.InstantSource;
import tirl.client.profile.Identity;
import tirl.client.profile.ProfileException;

/**
 * What a profile's packets are made and sent with.
 *
 * @param counter of the profile
 * @param random a cryptographic generator
 * @param clock the wall clock
 * @param rekey what writes other keys into the profile
 */
public record Tools(Counter counter, Carrier carrier, SecureRandom random, InstantSource clock, Rekeying rekey) {

    /** Writes other keys into a profile. */
    @FunctionalInterface
    public interface Rekeying {
        void accept(Identity identity) throws ProfileException;
    }
}

package tirl.client.spa;

import tirl.client.profile.Identity;
import tirl.client.profile.Profile.Proof;
import tirl.spa.Invitation;
import tirl.spa.KemPublicKey;
import tirl.spa.SharedKeys;
import tirl.spa.Suite;

/** What packets are sealed with. */
public record Keyring(SharedKeys keys, KemPublicKey kem, Suite suite) {

    /** A device's. */
    public static Keyring of(Identity identity, boolean classical) {
        return new Keyring(identity.keys().orElseThrow(), identity.kem(), suite(classical));
    }

    /** Those of the invitation that the profile was made from: for registration alone. */
    static Keyring of(Invitation invitation, Proof.Spa spa) {
        return new Keyring(
                invitation.secret().keys(invitation.server()), spa.identity().kem(), suite(spa.classical()));
    }

    private static Suite suite(boolean classical) {
        return classical ? Suite.C : Suite.H;
    }
}

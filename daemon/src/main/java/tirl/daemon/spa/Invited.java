package tirl.daemon.spa;

import tirl.device.AccessRules;
import tirl.device.OpenInvitation;

/** An open invitation and how it stands now. Belongs to the decision thread. */
final class Invited {
    OpenInvitation invitation;
    /** Of its peer; {@link Enrolled#NOWHERE} when it is over or being taken back. */
    int number = Enrolled.NOWHERE;
    /** A change of it is on its way to the disk. */
    final Underway underway = new Underway();
    /** It is out of the gate, but perhaps still in the store. */
    boolean revoked;

    Invited(OpenInvitation invitation) {
        this.invitation = invitation;
    }

    String name() {
        return invitation.name();
    }

    void become(String name, AccessRules rules) {
        invitation = new OpenInvitation(name, invitation.secret(), invitation.validUntil(), rules);
    }
}

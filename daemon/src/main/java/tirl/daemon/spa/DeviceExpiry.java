package tirl.daemon.spa;

import java.util.List;

/**
 * Whose time is over goes out of the gate. A device stays known: its time may be made longer, and a clock that was wrong for
 * a moment must not shut anybody out for good. Leases live to their own end.
 */
final class DeviceExpiry {
    /** A packet of the other IP version may still come. */
    private static final long AFTERWARDS_MS = 120_000;

    private final Surroundings around;
    private final Roster roster;

    DeviceExpiry(Surroundings around, Roster roster) {
        this.around = around;
        this.roster = roster;
    }

    void look(long nowMs) {
        for (Invited invited : List.copyOf(roster.invitations())) {
            boolean over = invited.invitation.validUntil().toEpochMilli() <= nowMs;
            if (over && !invited.revoked && !invited.underway.isBusy()) {
                end(invited);
            }
        }
        for (Enrolled enrolled : roster.devices()) {
            if (enrolled.old.isPresent() && enrolled.old.get().untilMs() <= nowMs && !enrolled.underway.isBusy()) {
                endOld(enrolled);
            }
            seat(enrolled, nowMs);
        }
    }

    private void seat(Enrolled enrolled, long nowMs) {
        boolean over = enrolled.isOver(nowMs) || isDone(enrolled, nowMs);
        boolean heard = enrolled.number != Enrolled.NOWHERE;
        if (enrolled.revoked || over != heard || enrolled.underway.isBusy()) {
            return;
        }
        if (over) {
            roster.forgetOld(enrolled);
            roster.unseat(enrolled);
            around.told()
                    .accept("device " + enrolled.name() + " is not heard any more: its "
                            + (enrolled.isOver(nowMs) ? "time is over" : "uses are used up"));
        } else {
            Peers.ready(roster.server(), enrolled.device)
                    .ifPresent(ready ->
                            roster.seat(enrolled, ready.peer(roster.server(), roster.window(enrolled.device.key()))));
        }
    }

    private boolean isDone(Enrolled enrolled, long nowMs) {
        return enrolled.isUsedUp()
                && nowMs - enrolled.seenMs >= AFTERWARDS_MS
                && around.leases().of(enrolled.name()).isEmpty();
    }

    /** Should the store fail, the next start finds it over too. */
    private void end(Invited invited) {
        roster.shut(invited);
        String name = invited.name();
        around.claims()
                .write(
                        new Claim(
                                session -> new DeviceRows(session).forgetInvitation(name),
                                () -> roster.remove(invited)),
                        reason -> around.told()
                                .accept("the invitation of " + name + " is over, but still in the store: " + reason));
        around.told().accept("the invitation of " + name + " is over; nobody has used it");
    }

    private void endOld(Enrolled enrolled) {
        var current = enrolled.device.key();
        var old = enrolled.old.orElseThrow().device().key();
        roster.forgetOld(enrolled);
        around.told()
                .accept("device " + enrolled.name() + ": its key before is not taken any more; the new one "
                        + "has not been used yet");
        around.claims()
                .write(
                        new Claim(session -> new DeviceRows(session).forgetOld(current, old), () -> {}),
                        reason -> around.told()
                                .accept("the old key of device " + enrolled.name() + " is still in the store: "
                                        + reason));
    }
}

package tirl.daemon.mail;

import java.util.Optional;
import tirl.config.Mail.Kind;
import tirl.event.Event;

/** What of events a mail can be about. */
final class Kinds {
    private Kinds() {}

    /** Empty for steps of a knock: anybody can make those, in any number. */
    static Optional<Kind> of(Event event) {
        return switch (event) {
            case Event.Advanced _, Event.Rejected _ -> Optional.empty();
            case Event.Opened _ -> Optional.of(Kind.OPENED);
            case Event.Extended _ -> Optional.of(Kind.EXTENDED);
            case Event.Denied _ -> Optional.of(Kind.DENIED);
            case Event.Expired _ -> Optional.of(Kind.EXPIRED);
            case Event.Revoked _ -> Optional.of(Kind.REVOKED);
            case Event.Cut _ -> Optional.of(Kind.CUT);
            case Event.NotCut _ -> Optional.of(Kind.NOT_CUT);
            case Event.Enrolled _ -> Optional.of(Kind.ENROLLED);
            case Event.Rekeyed _ -> Optional.of(Kind.REKEYED);
        };
    }

    /** Who and what, for a subject: {@code anna-laptop/ssh opened for 192.0.2.7}. */
    static String title(Event event) {
        return switch (event) {
            case Event.Advanced(var source, var doors, var _) -> doors + " advanced for " + source;
            case Event.Rejected(var source, var doors, var _, var _) -> doors + " rejected for " + source;
            case Event.Opened(var _, var source, var door, var _, var _) -> door + " opened for " + source;
            case Event.Extended(var _, var source, var door, var _, var _) -> door + " extended for " + source;
            case Event.Denied(var source, var door, var _) -> door + " denied for " + source;
            case Event.Expired(var _, var source, var door, var _) -> door + " expired for " + source;
            case Event.Revoked(var _, var source, var door, var _) -> door + " revoked for " + source;
            case Event.Cut(var _, var source, var door, var _, var _) -> door + " cut for " + source;
            case Event.NotCut(var _, var source, var door, var _, var _) -> door + " not cut for " + source;
            case Event.Enrolled(var source, var door) -> door + " enrolled from " + source;
            case Event.Rekeyed(var source, var door) -> door + " has a new key, from " + source;
        };
    }
}

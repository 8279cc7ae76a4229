package tirl.door;

import java.util.Optional;
import tirl.packet.Address;

/**
 * Shell commands beside or in place of a lease, with {@code %IP%} for the source's address.
 *
 * @param start run when the door opens; not again while it is open
 * @param stop run when it shuts
 * @param start6 in place of {@code start} for IPv6; empty text for nothing
 * @param stop6 in place of {@code stop} for IPv6; empty text for nothing
 */
public record Hooks(Optional<String> start, Optional<String> stop, Optional<String> start6, Optional<String> stop6) {
    public static final Hooks NONE = new Hooks(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final String PLACEHOLDER = "%IP%";

    public boolean isNone() {
        return equals(NONE);
    }

    /** What to run when this source opens the door. */
    public Optional<String> start(Address source) {
        return chosen(source, start, start6);
    }

    /** What to run when the door shuts for this source. */
    public Optional<String> stop(Address source) {
        return chosen(source, stop, stop6);
    }

    private static Optional<String> chosen(Address source, Optional<String> plain, Optional<String> six) {
        Optional<String> template = !source.isIpv4() && six.isPresent() ? six : plain;
        // An address in canonical text has no character that a shell would act on.
        return template.filter(text -> !text.isEmpty()).map(text -> text.replace(PLACEHOLDER, source.toString()));
    }
}

package tirl.daemon.spa;

import java.util.Optional;
import tirl.spa.X25519PublicKey;

/** Changes of one name that are on their way to the disk: one at a time, but the same new key may come in several packets. */
final class Underway {
    private Optional<X25519PublicKey> key = Optional.empty();
    private int changes;

    boolean isBusy() {
        return changes > 0;
    }

    /** Whether a change to this key may begin now. */
    boolean admits(X25519PublicKey asked) {
        return changes == 0 || key.filter(asked::equals).isPresent();
    }

    void begin() {
        changes++;
    }

    void begin(X25519PublicKey to) {
        key = Optional.of(to);
        changes++;
    }

    /** Whether that was the last. */
    boolean end() {
        changes--;
        if (changes == 0) {
            key = Optional.empty();
        }
        return changes == 0;
    }
}

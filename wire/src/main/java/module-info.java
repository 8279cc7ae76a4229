import org.jspecify.annotations.NullMarked;

/** Bytes to values and back. Knows no clock, no randomness and no I/O. */
@NullMarked
module tirl.wire {
    requires static transitive org.jspecify;

    exports tirl.fwknop;
    exports tirl.packet;
    exports tirl.spa;
}

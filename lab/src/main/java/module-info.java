import org.jspecify.annotations.NullMarked;

/**
 * Network namespaces, peers and probes for tests against the real kernel. Runs the program as a process, by its
 * launcher; of its code only the encoders are used, to have packets ready before a benchmark begins, and what opens a packet, to time it alone.
 */
@NullMarked
module tirl.lab {
    requires static transitive org.jspecify;
    requires tirl.linux;
    requires tirl.wire;

    exports tirl.lab;
    exports tirl.lab.bench;
}

import org.jspecify.annotations.NullMarked;

/**
 * Network namespaces, peers and probes for tests against the real kernel. Runs the program as a process, by its
 * launcher; links against nothing of it.
 */
@NullMarked
module tirl.lab {
    requires static transitive org.jspecify;

    exports tirl.lab;
    exports tirl.lab.bench;
}

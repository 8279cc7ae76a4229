import org.jspecify.annotations.NullMarked;

/**
 * Decides who gets in: packets and a clock reading go in, recognitions, verdicts and leases come out. Knows no clock, no
 * randomness and no I/O; the kernel is behind the port {@link tirl.grant.Firewall}.
 */
@NullMarked
module tirl.core {
    requires static transitive org.jspecify;
    requires transitive tirl.wire;

    exports tirl.config;
    exports tirl.device;
    exports tirl.door;
    exports tirl.event;
    exports tirl.fwknop.access;
    exports tirl.fwknop.gate;
    exports tirl.grant;
    exports tirl.importer;
    exports tirl.join;
    exports tirl.knockd;
    exports tirl.pipeline;
    exports tirl.recognise;
    exports tirl.ruleset;
    exports tirl.ruleset.compile;
    exports tirl.ruleset.iptables;
    exports tirl.spa.gate;
}

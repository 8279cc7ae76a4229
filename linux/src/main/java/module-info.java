import org.jspecify.annotations.NullMarked;

/** The only module with native access (java.lang.foreign): system calls, netlink, nftables, libpcap. */
@NullMarked
module tirl.linux {
    requires static transitive org.jspecify;
    requires transitive tirl.core;

    exports tirl.linux.capture;
    exports tirl.linux.crypto;
    exports tirl.linux.firewall;
    exports tirl.linux.icmp;
    exports tirl.linux.iptables;
    exports tirl.linux.libc;
    exports tirl.linux.network;
    exports tirl.linux.reply;
    exports tirl.linux.syslog;
}

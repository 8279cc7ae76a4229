/** Netlink (RFC 3549, linux/netlink.h) without any of its families: messages written, read, sent and received. */
package tirl.linux.netlink;

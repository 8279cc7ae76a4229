/** Sequence doors as rules that open without a daemon: for nftables and for iptables, as text. */
package tirl.ruleset.compile;

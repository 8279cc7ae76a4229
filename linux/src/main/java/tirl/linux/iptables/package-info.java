/**
 * The port {@link tirl.grant.Firewall} on iptables, for hosts without nftables: rules by the program iptables-restore,
 * leases in sets of ipset by netlink, or as rules where there is no ipset.
 */
package tirl.linux.iptables;

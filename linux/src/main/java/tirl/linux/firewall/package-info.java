/**
 * The port {@link tirl.grant.Firewall} on nftables: the ruleset by the program nft, single openings by netlink, because
 * nft reads every interval set of the host anew each time it runs.
 */
package tirl.linux.firewall;

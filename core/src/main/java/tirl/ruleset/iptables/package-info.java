/** The guard as rules of iptables and ip6tables, for hosts without nftables: {@link tirl.ruleset.iptables.IptablesRuleset}. */
package tirl.ruleset.iptables;

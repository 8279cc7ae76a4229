package tirl.ruleset;

/**
 * What the kernel lets through to the daemon, in the syntax of pcap-filter(7), for a link without VLAN tags.
 *
 * @param expression never empty
 */
public record CaptureFilter(String expression) {}

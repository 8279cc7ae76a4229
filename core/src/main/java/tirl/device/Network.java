package tirl.device;

import tirl.packet.Address;

/**
 * A network in CIDR notation.
 *
 * @param base with zeros after the prefix
 * @param prefix bits: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Network(Address base, int prefix) {}

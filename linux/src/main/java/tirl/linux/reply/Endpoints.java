package tirl.linux.reply;

import tirl.packet.Address;

/**
 * Where a packet came from and where it was sent to.
 *
 * @param localPort 0 for ICMP
 * @param remotePort 0 for ICMP
 */
public record Endpoints(Address local, int localPort, Address remote, int remotePort) {}

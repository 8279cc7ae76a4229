package tirl.grant;

import tirl.door.ServicePort;
import tirl.packet.Address;

/** One port, open to one source: what a single set element in the kernel says. */
public record Opening(Address source, ServicePort port) {}

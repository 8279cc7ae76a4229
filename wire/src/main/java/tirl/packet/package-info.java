/**
 * One packet as it came off a link: {@link tirl.packet.PacketDecoder} fills a reusable {@link tirl.packet.Packet} in
 * place, without allocating, so that a flood of garbage costs no garbage collection.
 */
package tirl.packet;

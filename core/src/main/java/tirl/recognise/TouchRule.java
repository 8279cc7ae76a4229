package tirl.recognise;

import java.util.BitSet;
import java.util.Set;
import java.util.stream.Collectors;
import tirl.door.Door;
import tirl.door.FlagCondition;
import tirl.packet.Packet;
import tirl.packet.Transport;

/**
 * Which packets count for a door: a touch either is the next knock or spoils the attempt. Doors with equal rules share
 * one tree of sequences, so there are as many rules as there are different settings, not doors.
 *
 * @param transports those that the sequence uses; packets of others are never touches, so that a video call over UDP
 *     does not spoil a TCP sequence
 */
record TouchRule(boolean strict, boolean tolerateRepeat, FlagCondition flags, Set<Transport> transports) {

    static TouchRule of(Door door) {
        Set<Transport> transports =
                door.sequence().stream().map(Symbol::transport).collect(Collectors.toUnmodifiableSet());
        FlagCondition flags = transports.contains(Transport.TCP) ? door.flags() : FlagCondition.ANY;
        return new TouchRule(door.strict(), door.tolerateRepeat(), flags, transports);
    }

    /**
     * Whether the packet counts. A TCP packet that begins a connection always does, so that a SYN scan cannot slip
     * past a door that waits for other flags.
     *
     * @param exact the packet's most exact symbol
     * @param anySize the symbol that fits it whatever its size, or {@link Symbol#NONE}
     * @param touchable symbols that count: all of the guarded range when strict, else those that some door lists
     */
    boolean touches(Packet packet, int exact, int anySize, BitSet touchable) {
        return transports.contains(packet.transport())
                && (touchable.get(exact) || touchable.get(anySize))
                && (fits(packet) || FlagCondition.CONNECT.fits(packet.tcpFlags()));
    }

    /** Whether the packet may be a step at all. */
    boolean fits(Packet packet) {
        return packet.transport() != Transport.TCP || flags.fits(packet.tcpFlags());
    }
}

package tirl.linux.capture;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import tirl.packet.LinkType;
import tirl.ruleset.CaptureFilter;

/** From a filter without VLAN tags to the classic BPF program for one kind of link. */
final class FilterProgram {
    /** struct sock_filter: code 16 bits, jt 8, jf 8, k 32. */
    private static final long INSTRUCTION = 8;

    private static final int LOAD_OCTET = 0x30;
    private static final int AND = 0x54;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    /** linux/filter.h: SKF_AD_OFF + SKF_AD_VLAN_TAG and + SKF_AD_VLAN_TAG_PRESENT. */
    private static final int VLAN_TAG = -0x1000 + 44;

    private static final int VLAN_TAG_PRESENT = -0x1000 + 48;
    private static final int VLAN_ID = 0xfff;
    private static final int GUARD = 6;

    private FilterProgram() {}

    /**
     * The filter's text for a link. The kernel takes the outer VLAN tag off a frame and libpcap puts it back, so on
     * Ethernet the text must hold for both forms, and for a second tag (802.1ad).
     */
    static String text(CaptureFilter filter, LinkType link) {
        String plain = "(" + filter.expression() + ")";
        return link == LinkType.ETHERNET ? plain + " or (vlan and (" + plain + " or (vlan and " + plain + ")))" : plain;
    }

    /** Lets nothing through. */
    static MemorySegment nothing(Arena arena) {
        MemorySegment instructions = arena.allocate(INSTRUCTION, INSTRUCTION);
        put(instructions, 0, RETURN, 0, 0, 0);
        return program(arena, instructions);
    }

    /**
     * {@code compiled} behind instructions that drop what carries a VLAN number. The interface "any" shows such a frame
     * on the parent and again on the VLAN interface, and the filter language has no "vlan" for cooked links. Number 0
     * is a mere priority mark (802.1p): that frame belongs to the parent and is seen there only.
     */
    static MemorySegment withoutVlan(Arena arena, MemorySegment compiled) {
        int length = compiled.get(JAVA_INT, 0);
        MemorySegment instructions = arena.allocate((GUARD + length) * INSTRUCTION, INSTRUCTION);
        put(instructions, 0, LOAD_OCTET, 0, 0, VLAN_TAG_PRESENT);
        put(instructions, 1, JUMP_IF_EQUAL, 4, 0, 0);
        put(instructions, 2, LOAD_OCTET, 0, 0, VLAN_TAG);
        put(instructions, 3, AND, 0, 0, VLAN_ID);
        put(instructions, 4, JUMP_IF_EQUAL, 1, 0, 0);
        put(instructions, 5, RETURN, 0, 0, 0);
        MemorySegment.copy(
                Libpcap.memory(),
                compiled.get(JAVA_LONG, Libpcap.PROGRAM_INSTRUCTIONS),
                instructions,
                GUARD * INSTRUCTION,
                length * INSTRUCTION);
        return program(arena, instructions);
    }

    private static void put(MemorySegment instructions, int index, int code, int ifTrue, int ifFalse, int k) {
        long at = index * INSTRUCTION;
        instructions.set(JAVA_SHORT, at, (short) code);
        instructions.set(JAVA_BYTE, at + 2, (byte) ifTrue);
        instructions.set(JAVA_BYTE, at + 3, (byte) ifFalse);
        instructions.set(JAVA_INT, at + 4, k);
    }

    private static MemorySegment program(Arena arena, MemorySegment instructions) {
        MemorySegment program = arena.allocate(Libpcap.PROGRAM, 8);
        program.set(JAVA_INT, 0, (int) (instructions.byteSize() / INSTRUCTION));
        program.set(JAVA_LONG, Libpcap.PROGRAM_INSTRUCTIONS, instructions.address());
        return program;
    }
}

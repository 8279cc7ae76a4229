package tirl.daemon.practice;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import tirl.packet.Address;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;

/** Datagrams that nobody sent, from addresses of TEST-NET (RFC 5737) to another one; each overwrites the one before. */
public final class Datagrams {
    public static final Address SERVER = Address.parse("192.0.2.2").orElseThrow();

    private static final int TEST_NET = 0xc000_0200;
    private static final int FIRST_CLIENT = 3;
    /** So many that what is kept of them grows in all the ways in which it can: trees turn, tables get longer. */
    private static final int CLIENTS = 64;

    private static final int HEADERS = 20 + 8;
    private static final int LONGEST = 2048;
    private static final byte UDP = 17;
    private static final short SOURCE_PORT = 40_000 - 0x10000;

    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(packet);
    private final MemorySegment memory = Arena.ofAuto().allocate(LONGEST);

    /** None yet. */
    public Datagrams() {}

    /** How many clients there are. */
    public static int clients() {
        return CLIENTS;
    }

    /** The clients in turn: practised with one alone, code is not compiled for leases beside one another. */
    public static Address client(long number) {
        return Address.ofIpv4(TEST_NET | (FIRST_CLIENT + (int) (number % CLIENTS)));
    }

    /** As the capture and the decoder bring it. */
    public Packet to(Address client, int port, byte[] payload) {
        int length = HEADERS + payload.length;
        ByteBuffer frame = ByteBuffer.allocate(length);
        frame.put(0, (byte) 0x45).putShort(2, (short) length).put(8, (byte) 64).put(9, UDP);
        frame.put(12, client.bytes()).put(16, SERVER.bytes());
        frame.putShort(20, SOURCE_PORT).putShort(22, (short) port).putShort(24, (short) (length - 20));
        frame.put(HEADERS, payload);
        memory.asSlice(0, length).copyFrom(MemorySegment.ofArray(frame.array()));
        DecodeOutcome outcome = decoder.decode(memory, 0, length, LinkType.RAW_IP);
        if (outcome != DecodeOutcome.DECODED) {
            throw new IllegalStateException("the practice's own packet: " + outcome);
        }
        return packet;
    }
}

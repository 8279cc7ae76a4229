package tirl.daemon;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tirl.daemon.fwknop.FwknopPart;
import tirl.daemon.spa.SpaPart;
import tirl.linux.capture.FrameHandler;
import tirl.linux.network.NetworkWatch;
import tirl.packet.DecodeOutcome;
import tirl.packet.LinkType;
import tirl.packet.Packet;
import tirl.packet.PacketDecoder;
import tirl.pipeline.Pipeline;

/** Takes each captured frame: decodes it, drops what is not for this host, counts the rest away. No allocation. */
final class PacketIntake implements FrameHandler {
    private final Packet packet = new Packet();
    private final PacketDecoder decoder = new PacketDecoder(packet);
    private final Pipeline pipeline;
    private final SpaPart spa;
    private final FwknopPart fwknop;
    private final NetworkWatch network;
    private final long[] outcomes = new long[DecodeOutcome.values().length];
    private long notForUs;
    private long frames;

    PacketIntake(Pipeline pipeline, SpaPart spa, FwknopPart fwknop, NetworkWatch network) {
        this.pipeline = pipeline;
        this.spa = spa;
        this.fwknop = fwknop;
        this.network = network;
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // a counter per constant without a map look-up per packet
    public void onFrame(MemorySegment memory, long offset, int captured, LinkType link) {
        frames++;
        DecodeOutcome outcome = decoder.decode(memory, offset, captured, link);
        outcomes[outcome.ordinal()]++;
        if (outcome != DecodeOutcome.DECODED) {
            return;
        }
        // A router also sees what it only passes on.
        if (!network.isLocal(packet.destinationHigh(), packet.destinationLow())) {
            notForUs++;
            return;
        }
        long nowNs = System.nanoTime();
        pipeline.on(packet, nowNs);
        spa.on(packet, nowNs);
        fwknop.on(packet);
    }

    /** All that came. */
    long frames() {
        return frames;
    }

    @SuppressWarnings("EnumOrdinal")
    Map<String, Long> counts() {
        Map<DecodeOutcome, Long> byOutcome = new EnumMap<>(DecodeOutcome.class);
        for (DecodeOutcome outcome : DecodeOutcome.values()) {
            byOutcome.put(outcome, outcomes[outcome.ordinal()]);
        }
        Map<String, Long> counts = new TreeMap<>();
        byOutcome.forEach((outcome, count) ->
                counts.put(outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
        counts.put("not-for-this-host", notForUs);
        return counts;
    }
}

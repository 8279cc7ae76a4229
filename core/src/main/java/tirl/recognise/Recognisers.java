package tirl.recognise;

import java.util.List;
import tirl.packet.Packet;

/** Several recognisers as one: each sees every packet. */
public final class Recognisers implements Recogniser {
    private final Recogniser[] all;

    public Recognisers(List<Recogniser> all) {
        this.all = all.toArray(Recogniser[]::new);
    }

    @Override
    public void on(Packet packet, long nowNs, RecognitionSink sink) {
        for (Recogniser recogniser : all) {
            recogniser.on(packet, nowNs, sink);
        }
    }

    @Override
    public void expire(long nowNs, RecognitionSink sink) {
        for (Recogniser recogniser : all) {
            recogniser.expire(nowNs, sink);
        }
    }

    @Override
    public int halfDone() {
        int sum = 0;
        for (Recogniser recogniser : all) {
            sum += recogniser.halfDone();
        }
        return sum;
    }
}

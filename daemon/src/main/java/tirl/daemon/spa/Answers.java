package tirl.daemon.spa;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tirl.linux.reply.Endpoints;
import tirl.packet.Packet;
import tirl.packet.Transport;
import tirl.spa.gate.Admission;

/**
 * Makes the answers to packets, which go back on the way that the packet came.
 *
 * @param random fills an array with random octets
 */
public record Answers(AnswerSender sender, UnaryOperator<byte[]> random) {
    PendingAnswer to(Consumer<byte[]> wayBack, Admission.Admitted admitted) {
        return new PendingAnswer(
                admitted.answerKey(), admitted.body().header(), admitted.source(), admitted.port(), wayBack, random);
    }

    PendingAnswer to(Consumer<byte[]> wayBack, Admission.Untimely untimely) {
        return new PendingAnswer(
                untimely.answerKey(), untimely.body().header(), untimely.source(), untimely.port(), wayBack, random);
    }

    /** How to answer this packet, which is overwritten by the next one. */
    Consumer<byte[]> wayBack(Packet packet) {
        Endpoints ends =
                new Endpoints(packet.destination(), packet.destinationPort(), packet.source(), packet.sourcePort());
        if (packet.transport() == Transport.UDP) {
            return bytes -> sender.udp(ends, bytes);
        }
        int numbers = packet.echoNumbers();
        return bytes -> sender.echo(ends, numbers, bytes);
    }
}

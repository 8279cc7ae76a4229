package tirl.daemon.spa;

import tirl.linux.reply.Endpoints;

/** Sends sealed answers; never waits, and fails in silence. Decision thread only. */
public interface AnswerSender {
    void udp(Endpoints ends, byte[] sealed);

    /** @param numbers identifier and sequence number of the request */
    void echo(Endpoints ends, int numbers, byte[] sealed);
}

package tirl.daemon.spa;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tirl.linux.libc.LibcException;
import tirl.linux.reply.Endpoints;
import tirl.linux.reply.ReplySocket;

/** Sends answers from where the packet was sent to, where nothing listens. */
public final class RawAnswers implements AnswerSender, AutoCloseable {
    private final Consumer<String> told;
    private @Nullable ReplySocket ipv4;
    private @Nullable ReplySocket ipv6;
    private String lastTrouble = "";
    private long sent;
    private long failed;

    /** @param told hears each new reason why answers cannot be sent */
    public RawAnswers(Consumer<String> told) {
        this.told = told;
    }

    @Override
    public void udp(Endpoints ends, byte[] sealed) {
        send(ends, socket -> socket.udp(ends, sealed));
    }

    @Override
    public void echo(Endpoints ends, int numbers, byte[] sealed) {
        send(ends, socket -> socket.echo(ends, numbers, sealed));
    }

    private interface Sending {
        void through(ReplySocket socket) throws LibcException;
    }

    private void send(Endpoints ends, Sending sending) {
        try {
            sending.through(socket(ends.remote().isIpv4()));
            sent++;
        } catch (LibcException e) {
            failed++;
            String trouble = String.valueOf(e.getMessage());
            if (!trouble.equals(lastTrouble)) {
                lastTrouble = trouble;
                told.accept("a sealed answer to " + ends.remote() + " could not be sent: " + trouble);
            }
        }
    }

    private ReplySocket socket(boolean v4) throws LibcException {
        ReplySocket open = v4 ? ipv4 : ipv6;
        if (open == null) {
            open = new ReplySocket(v4);
            if (v4) {
                ipv4 = open;
            } else {
                ipv6 = open;
            }
        }
        return open;
    }

    /** How many went out. */
    public long sent() {
        return sent;
    }

    public long failed() {
        return failed;
    }

    @Override
    public void close() {
        if (ipv4 != null) {
            ipv4.close();
        }
        if (ipv6 != null) {
            ipv6.close();
        }
    }
}

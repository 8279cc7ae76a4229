package tirl.linux.iptables;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import tirl.grant.FirewallException;
import tirl.linux.libc.Errno;
import tirl.linux.libc.Libc;
import tirl.linux.libc.LibcException;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.MessageWriter;
import tirl.linux.netlink.Netlink;
import tirl.linux.netlink.NetlinkSocket;

/** Questions to ipset and its answers. One thread. */
final class IpsetSocket implements AutoCloseable {
    /** Messages per send. */
    private static final int MAX_BATCH = 200;

    private static final int OCTETS_PER_MESSAGE = 512;
    private static final int SET_IS_FULL = 4352;
    private static final int SET_HAS_NO_COMMENT = 4112;

    private final NetlinkSocket socket;
    private final MessageWriter writer = new MessageWriter(MAX_BATCH * OCTETS_PER_MESSAGE);

    IpsetSocket() throws LibcException {
        socket = new NetlinkSocket(NetlinkSocket.NETFILTER, 0);
    }

    void list(String operation, Question question, Consumer<MessageReader> answer) throws FirewallException {
        int errno = ask(operation, question, answer);
        if (errno != 0) {
            throw new FirewallException(operation + ": " + explained(errno));
        }
    }

    /** The same for a set that need not be there. */
    void listIfThere(String operation, Question question, Consumer<MessageReader> answer) throws FirewallException {
        int errno = ask(operation, question, answer);
        if (errno != 0 && errno != Errno.ENOENT) {
            throw new FirewallException(operation + ": " + explained(errno));
        }
    }

    private int ask(String operation, Question question, Consumer<MessageReader> answer) throws FirewallException {
        try {
            discardStale();
            int sequence = socket.nextSequence();
            writer.clear();
            question.write(writer, sequence);
            socket.send(writer);
            OptionalInt end = OptionalInt.empty();
            while (end.isEmpty()) {
                socket.receive();
                end = read(sequence, answer);
            }
            return end.getAsInt();
        } catch (IOException failure) {
            throw new FirewallException(operation + ": " + failure.getMessage(), failure);
        }
    }

    /** The error number at the end, 0 for none. */
    private OptionalInt read(int sequence, Consumer<MessageReader> answer) {
        MessageReader message = socket.messages();
        while (message.next()) {
            if (message.sequence() != sequence) {
                continue;
            }
            if (message.type() == Netlink.NLMSG_ERROR || message.type() == Netlink.NLMSG_DONE) {
                return OptionalInt.of(message.errno());
            }
            answer.accept(message);
        }
        return OptionalInt.empty();
    }

    <T> void each(String operation, List<T> items, ToMessage<T> toMessage) throws FirewallException {
        for (int from = 0; from < items.size(); from += MAX_BATCH) {
            List<T> batch = items.subList(from, Math.min(items.size(), from + MAX_BATCH));
            try {
                discardStale();
                writer.clear();
                for (T item : batch) {
                    toMessage.write(writer, item, socket.nextSequence());
                }
                socket.send(writer);
                requireSuccess(operation, batch.size());
            } catch (IOException failure) {
                throw new FirewallException(operation + ": " + failure.getMessage(), failure);
            }
        }
    }

    /** The kernel works them off inside send(2), so all its answers are there by now: one for each message. */
    private void requireSuccess(String operation, int expected) throws IOException, FirewallException {
        int answers = 0;
        int refused = 0;
        while (socket.receiveNow()) {
            MessageReader message = socket.messages();
            while (message.next()) {
                if (message.type() == Netlink.NLMSG_ERROR) {
                    answers++;
                    refused = refused == 0 ? message.errno() : refused;
                }
            }
        }
        if (refused != 0) {
            throw new FirewallException(operation + ": " + explained(refused));
        }
        if (answers < expected) {
            throw new FirewallException(operation + ": no answer from the kernel");
        }
    }

    private static String explained(int errno) {
        return switch (errno) {
            case Errno.ENOENT -> "the set is gone (was it destroyed?): install it again";
            case Errno.EPERM -> Libc.strerror(errno) + "; changing ipset needs root or the capability CAP_NET_ADMIN";
            case SET_IS_FULL -> "the set is full";
            case SET_HAS_NO_COMMENT -> "the set has no comments, so it is not tirl's; destroy it with `ipset destroy`";
            default -> errno < 4096 ? Libc.strerror(errno) : "ipset says error " + errno;
        };
    }

    /** Answers to a call that failed half-way must not pass for answers to this one. */
    private void discardStale() throws IOException {
        while (true) {
            try {
                if (!socket.receiveNow()) {
                    return;
                }
            } catch (LibcException overflow) {
                if (overflow.errno() != Errno.ENOBUFS) {
                    throw overflow;
                }
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    @FunctionalInterface
    interface Question {
        void write(MessageWriter writer, int sequence);
    }

    @FunctionalInterface
    interface ToMessage<T> {
        void write(MessageWriter writer, T item, int sequence);
    }
}

package tirl.linux.firewall;

import java.io.IOException;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.Poller;
import tirl.linux.netlink.AttributeReader;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.NetlinkSocket;
import tirl.ruleset.GuardRuleset;

/**
 * Tells when somebody takes our table away: {@code nft flush ruleset}, or a firewall service that begins with it, opens
 * every guarded port to everyone. Our own refresh deletes rules but neither the table nor a chain or set of it, so it is
 * not taken for that.
 */
public final class TableWatch implements AutoCloseable {
    /** The group NFNLGRP_NFTABLES, 7, as a mask. */
    private static final int CHANGES = 1 << 6;
    /** Subsystem 10 of nfnetlink in the upper octet, then NFT_MSG_DELTABLE, DELCHAIN and DELSET. */
    private static final int DELETE_TABLE = 0x0a02;

    private static final int DELETE_CHAIN = 0x0a05;
    private static final int DELETE_SET = 0x0a0b;
    private static final int NFPROTO_INET = 1;
    private static final int NFGENMSG = 4;
    /** NFTA_TABLE_NAME, NFTA_CHAIN_TABLE and NFTA_SET_TABLE are all attribute 1. */
    private static final int TABLE_NAME = 1;

    private static final int SET_NAME = 2;
    /** A set inside a rule, such as {@code { local, broadcast }}, goes with its rule: each refresh deletes some. */
    private static final String ANONYMOUS = "__";

    private static final int MAX_NAME = 256;
    /** Datagrams per turn; each lease change of ours is one. */
    private static final int MAX_BATCH = 256;

    private final Poller poller;
    private final NetlinkSocket socket;
    private final Runnable gone;
    private final AttributeReader attributes = new AttributeReader();

    /** Runs {@code gone} on the poller's thread when the table, or a part of it, is no more; perhaps once too often. */
    public TableWatch(Poller poller, Runnable gone) throws LibcException {
        this.poller = poller;
        this.gone = gone;
        socket = new NetlinkSocket(NetlinkSocket.NETFILTER, CHANGES);
        poller.watch(socket.fd(), this::follow);
    }

    private void follow() {
        boolean deleted = false;
        try {
            for (int i = 0; i < MAX_BATCH && socket.receiveNow(); i++) {
                MessageReader message = socket.messages();
                while (message.next()) {
                    deleted |= isOurDeletion(message);
                }
            }
        } catch (IOException lostEvents) {
            deleted = true; // ENOBUFS: what was lost may have been this
        }
        if (deleted) {
            gone.run();
        }
    }

    private boolean isOurDeletion(MessageReader message) {
        int type = message.type();
        boolean deletion = type == DELETE_TABLE || type == DELETE_CHAIN || type == DELETE_SET;
        if (!deletion || message.payloadOctet(0) != NFPROTO_INET) {
            return false;
        }
        boolean ours = false;
        boolean ofARule = false;
        message.attributes(NFGENMSG, attributes);
        while (attributes.next()) {
            if (attributes.type() == TABLE_NAME) {
                ours = attributes.text(0, MAX_NAME).equals(GuardRuleset.TABLE);
            } else if (attributes.type() == SET_NAME && type == DELETE_SET) {
                ofARule = attributes.text(0, MAX_NAME).startsWith(ANONYMOUS);
            }
        }
        return ours && !ofARule;
    }

    @Override
    public void close() {
        poller.forget(socket.fd());
        socket.close();
    }
}

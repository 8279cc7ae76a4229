package tirl.linux.firewall;

import java.io.IOException;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.Poller;
import tirl.linux.netlink.AttributeReader;
import tirl.linux.netlink.MessageReader;
import tirl.linux.netlink.NetlinkSocket;
import tirl.ruleset.BreakGlassRuleset;
import tirl.ruleset.GuardRuleset;

/**
 * Tells when somebody takes our table away: {@code nft flush ruleset}, or a firewall service that begins with it, opens
 * every guarded port to everyone. Our own refresh deletes rules but neither the table nor a chain or set that guards, so
 * it is not taken for that. It also tells when the rules of others change.
 */
public final class TableWatch implements AutoCloseable {
    /** The group NFNLGRP_NFTABLES, 7, as a mask. */
    private static final int CHANGES = 1 << 6;
    /** Subsystem 10 of nfnetlink in the upper octet, then NFT_MSG_DELTABLE, DELCHAIN and DELSET. */
    private static final int DELETE_TABLE = 0x0a02;

    private static final int DELETE_CHAIN = 0x0a05;
    private static final int DELETE_SET = 0x0a0b;
    /** NFT_MSG_NEWTABLE to NFT_MSG_DELRULE: tables, chains and rules, not the elements of sets. */
    private static final int FIRST_OF_RULES = 0x0a00;

    private static final int LAST_OF_RULES = 0x0a08;
    private static final int NFPROTO_INET = 1;
    private static final int NFGENMSG = 4;
    /** NFTA_TABLE_NAME, NFTA_CHAIN_TABLE and NFTA_SET_TABLE are all attribute 1. */
    private static final int TABLE_NAME = 1;

    private static final int SET_NAME = 2;
    private static final int CHAIN_NAME = 3;
    /** nft's name for a set that is written inside a rule. */
    private static final String ANONYMOUS = "__";

    private static final int MAX_NAME = 256;
    /** Datagrams per turn. */
    private static final int MAX_BATCH = 256;

    private final Poller poller;
    private final NetlinkSocket socket;
    private final Runnable gone;
    private final Runnable othersChanged;
    private final AttributeReader attributes = new AttributeReader();

    /**
     * Runs these on the poller's thread, perhaps once too often.
     *
     * @param ours its requests are known. Thousands of leases in a second would overflow a queue of events, and what was lost is taken for
     *     the worst: then the whole ruleset is put back in the midst of a rush
     * @param gone when the table, or a part of it, is no more
     * @param othersChanged when rules of somebody else have come or gone
     */
    TableWatch(Poller poller, NetlinkSocket ours, Runnable gone, Runnable othersChanged) throws LibcException {
        this.poller = poller;
        this.gone = gone;
        this.othersChanged = othersChanged;
        socket = new NetlinkSocket(NetlinkSocket.NETFILTER, CHANGES);
        socket.ignoreEventsOf(ours);
        poller.watch(socket.fd(), this::follow);
    }

    private void follow() {
        boolean deleted = false;
        boolean others = false;
        try {
            for (int i = 0; i < MAX_BATCH && socket.receiveNow(); i++) {
                MessageReader message = socket.messages();
                while (message.next()) {
                    deleted |= isOurDeletion(message);
                    others |= isRuleOfOthers(message);
                }
            }
        } catch (IOException lostEvents) {
            deleted = true; // ENOBUFS: what was lost may have been this
            others = true;
        }
        if (others) {
            othersChanged.run();
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
        int nameOf = type == DELETE_CHAIN ? CHAIN_NAME : SET_NAME;
        boolean ofOurs = false;
        String name = "";
        message.attributes(NFGENMSG, attributes);
        while (attributes.next()) {
            if (attributes.type() == TABLE_NAME) {
                ofOurs = attributes.text(0, MAX_NAME).equals(GuardRuleset.TABLE);
            } else if (attributes.type() == nameOf) {
                name = attributes.text(0, MAX_NAME);
            }
        }
        return ofOurs && (type == DELETE_TABLE || !isReplacedByRefresh(name));
    }

    private boolean isRuleOfOthers(MessageReader message) {
        if (message.type() < FIRST_OF_RULES || message.type() > LAST_OF_RULES) {
            return false;
        }
        message.attributes(NFGENMSG, attributes);
        while (attributes.next()) {
            if (attributes.type() == TABLE_NAME) {
                return message.payloadOctet(0) != NFPROTO_INET
                        || !attributes.text(0, MAX_NAME).equals(GuardRuleset.TABLE);
            }
        }
        return false;
    }

    /** Anonymous sets of rules, and what the last ruleset had for break-glass. */
    private static boolean isReplacedByRefresh(String name) {
        return name.startsWith(ANONYMOUS)
                || name.startsWith(BreakGlassRuleset.PREFIX)
                || name.equals(BreakGlassRuleset.ALIVE);
    }

    @Override
    public void close() {
        poller.forget(socket.fd());
        socket.close();
    }
}

package tirl.daemon.fwknop;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tirl.config.Config;
import tirl.daemon.config.FwknopFiles;
import tirl.daemon.config.FwknopKeyRings;
import tirl.daemon.control.ControlException;
import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.pgp.GnupgDecryption;
import tirl.daemon.pgp.KeyRingException;
import tirl.daemon.spa.Claims;
import tirl.daemon.spa.SpaClock;
import tirl.daemon.spa.SpaPart;
import tirl.daemon.store.Flusher;
import tirl.daemon.store.Store;
import tirl.fwknop.access.Networks;
import tirl.fwknop.gate.Callers;
import tirl.fwknop.gate.Dismissal;
import tirl.fwknop.gate.FwknopGate;
import tirl.packet.Packet;

/** All of fwknop's clients in the daemon; one, which lives as long as it does. Decision thread only. */
public final class FwknopPart implements AutoCloseable {
    private final Claims claims;
    private final Decisions decisions;
    private final FwknopReceiver receiver;
    private final SpaPart.Daemon daemon;
    private final SpaClock clock = SpaClock.system();
    private final Predecessor predecessor = new Predecessor(clock);
    private final TcpAcceptor connections = new TcpAcceptor();
    private Optional<FwknopFiles> files = Optional.empty();

    /** Deaf until {@link #follow}. */
    public FwknopPart(Store store, Flusher flusher, DoorCommands commands, SpaPart.Daemon daemon) {
        this.daemon = daemon;
        claims = new Claims(store, flusher, daemon.decisionThread());
        decisions = new Decisions(daemon.decisionThread());
        Callers callers = new Callers(new SecureRandom().nextLong());
        receiver = new FwknopReceiver(
                decisions, callers, claims, predecessor, daemon.pipeline(), daemon.events(), commands::open, clock);
    }

    /** Looks at a packet that arrived for this host. */
    public void on(Packet packet) {
        receiver.on(packet);
    }

    /** What fwknop's files said. */
    public record Reading(Optional<FwknopFiles> files, Optional<GnupgDecryption> gnupg) {}

    /** Reads fwknop's files, or says what is wrong with them. Any thread, best not the decision thread. */
    public static Reading read(Config fresh) throws ControlException {
        Optional<FwknopFiles> files = fresh.fwknop().map(fwknop -> FwknopFiles.read(fwknop.directory()));
        if (files.isPresent() && !files.get().isUsable()) {
            throw new ControlException(files.get().errors());
        }
        try {
            return new Reading(files, files.isPresent() ? FwknopKeyRings.load(files.get()) : Optional.empty());
        } catch (KeyRingException e) {
            throw new ControlException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Goes over to what was read. */
    public void follow(Reading next, Config fresh) {
        files = next.files();
        accept(files.map(FwknopFiles::tcpPort).orElse(OptionalInt.empty()));
        if (files.isEmpty()) {
            receiver.deafen();
            return;
        }
        FwknopFiles now = files.get();
        TakeOver.begin(
                Path.of(now.conf().digestFile()),
                claims,
                predecessor,
                Math.floorDiv(clock.wall().millis(), 1000),
                daemon.log());
        predecessor.ask(claims);
        next.gnupg().ifPresent(keys -> keys.notes().forEach(daemon.log()::warning));
        receiver.hear(
                new FwknopGate(
                        now.stanzas(),
                        now.conf(),
                        Networks.LOOPBACK,
                        next.gnupg().map(keys -> keys)),
                now.conf(),
                new NatRequests(fresh.services(), now.nat(fresh.firewall())));
        daemon.log()
                .notice("fwknop's clients are heard by \"" + now.filter() + "\", stanzas in " + now.directory() + ": "
                        + now.stanzas().size());
    }

    private void accept(OptionalInt port) {
        try {
            connections.listen(port);
        } catch (IOException e) {
            // Somebody else at that port does as well: packets are taken off the wire.
            daemon.log()
                    .warning("TCPSERV_PORT: no connections are accepted at port " + port.orElseThrow() + ": "
                            + e.getMessage() + "; a client's packet is heard if another server there accepts them");
        }
    }

    /** For {@code tirl status}; empty without {@code [fwknop]}. */
    public Optional<Map<String, Object>> status() {
        return files.map(now -> {
            Map<String, Object> status = new LinkedHashMap<>();
            status.put("hears", now.filter());
            status.put("stanzas", now.stanzas().size());
            FwknopReceiver.Counts counts = receiver.counts();
            status.put("granted", counts.granted());
            status.put("denied", counts.denied());
            status.put("replays", counts.replays());
            status.put("not-looked-at", receiver.held() + decisions.lost());
            status.put("waiting", decisions.waiting() + claims.counts().waiting());
            status.put("not-written", claims.counts().failed());
            Map<String, Object> refused = new LinkedHashMap<>();
            for (Dismissal why : Dismissal.values()) {
                refused.put(why.name().toLowerCase(Locale.ROOT).replace('_', '-'), receiver.dismissed(why));
            }
            status.put("refused", refused);
            return status;
        });
    }

    @Override
    public void close() {
        connections.close();
        decisions.close();
        if (claims.counts().failed() == 0) {
            predecessor.end(claims);
        }
        claims.close();
    }
}

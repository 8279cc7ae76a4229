package tirl.daemon.fwknop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tirl.config.Config;
import tirl.daemon.config.FwknopFiles;
import tirl.daemon.control.ControlException;
import tirl.daemon.hooks.DoorCommands;
import tirl.daemon.pgp.GnupgDecryption;
import tirl.daemon.pgp.KeyRingException;
import tirl.daemon.spa.Claim;
import tirl.daemon.spa.Claims;
import tirl.daemon.spa.SpaClock;
import tirl.daemon.spa.SpaPart;
import tirl.daemon.store.Flusher;
import tirl.daemon.store.Store;
import tirl.fwknop.ReplayDigest;
import tirl.fwknop.access.DigestCache;
import tirl.fwknop.access.FwknopdVariable;
import tirl.fwknop.access.Gpg;
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
    private Optional<FwknopFiles> files = Optional.empty();

    /** Deaf until {@link #follow}. */
    public FwknopPart(Store store, Flusher flusher, DoorCommands commands, SpaPart.Daemon daemon) {
        this.daemon = daemon;
        claims = new Claims(store, flusher, daemon.decisionThread());
        decisions = new Decisions(daemon.decisionThread());
        Callers callers = new Callers(new SecureRandom().nextLong());
        receiver = new FwknopReceiver(
                decisions, callers, claims, daemon.pipeline(), daemon.events(), commands::open, clock);
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
        return new Reading(files, files.isPresent() ? keyRings(files.get()) : Optional.empty());
    }

    /** Unlocking takes as long as gpg-agent wants it to. */
    private static Optional<GnupgDecryption> keyRings(FwknopFiles files) throws ControlException {
        List<Gpg> stanzas = files.stanzas().stream()
                .flatMap(stanza -> stanza.keys().gpg().stream())
                .toList();
        if (stanzas.isEmpty()) {
            return Optional.empty();
        }
        Path home = Path.of(files.conf().text(FwknopdVariable.GPG_HOME_DIR).orElseThrow());
        try {
            return Optional.of(GnupgDecryption.load(stanzas, home, InstantSource.system()));
        } catch (KeyRingException e) {
            throw new ControlException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Goes over to what was read. */
    public void follow(Reading next, Config fresh) {
        files = next.files();
        if (files.isEmpty()) {
            receiver.deafen();
            return;
        }
        FwknopFiles now = files.get();
        takeOver(now);
        next.gnupg().ifPresent(keys -> keys.notes().forEach(daemon.log()::warning));
        receiver.hear(
                new FwknopGate(
                        now.stanzas(),
                        now.conf(),
                        Networks.LOOPBACK,
                        next.gnupg().map(keys -> keys)),
                now,
                fresh.services());
        daemon.log()
                .notice("fwknop's clients are heard by \"" + now.filter() + "\", stanzas in " + now.directory() + ": "
                        + now.stanzas().size());
    }

    /** Before any packet: claims are written in their order. */
    private void takeOver(FwknopFiles now) {
        Path cache = Path.of(now.conf().digestFile());
        try {
            Map<ReplayDigest, Long> seen = DigestCache.read(Files.readAllBytes(cache));
            long nowS = Math.floorDiv(clock.wall().millis(), 1000);
            claims.write(
                    new Claim(
                            session -> {
                                SeenPackets.take(session, seen, nowS);
                                return seen.size();
                            },
                            () -> daemon.log()
                                    .notice("packets that fwknopd has taken are refused, by " + cache + ": "
                                            + seen.size())),
                    reason -> daemon.log()
                            .error(cache + " is NOT taken over: " + reason + "; `tirl reload` tries again"));
        } catch (NoSuchFileException none) {
            // It was never run here, or its directory was in memory.
        } catch (IOException e) {
            daemon.log()
                    .error(cache + " cannot be read, packets that fwknopd has taken work once more: " + e.getMessage());
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
        decisions.close();
        claims.close();
    }
}

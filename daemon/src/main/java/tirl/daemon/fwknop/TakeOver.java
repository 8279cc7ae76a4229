package tirl.daemon.fwknop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tirl.daemon.log.Log;
import tirl.daemon.spa.Claim;
import tirl.daemon.spa.ClaimWriter;
import tirl.daemon.store.Store.Work;
import tirl.daemon.store.StoreSession;
import tirl.fwknop.access.DigestCache;

/**
 * Has the store know what fwknopd has taken, by its file: once, and again when that has changed. It may have half a million lines,
 * so it is read line by line and away from the decision thread.
 */
final class TakeOver implements Work<Integer> {
    private static final long NEVER_S = Long.MIN_VALUE / 2;

    /** Sorted among themselves, so that a page of the store is changed once for many: three times as fast as one by one. */
    private static final int TOGETHER = 20_000;

    private final Path file;
    private final long nowS;
    private int packets;
    private long newestS = NEVER_S;
    private Optional<String> trouble = Optional.empty();

    private TakeOver(Path file, long nowS) {
        this.file = file;
        this.nowS = nowS;
    }

    /**
     * Begins it. Claims are written in their order, so a packet that comes after this call is told from those in the file. Decision
     * thread.
     */
    static void begin(Path file, ClaimWriter claims, Predecessor predecessor, long nowS, Log log) {
        predecessor.tells();
        TakeOver takeOver = new TakeOver(file, nowS);
        claims.write(
                new Claim(
                        takeOver,
                        () -> {
                            predecessor.told(takeOver.newestS);
                            takeOver.report(log);
                        },
                        () -> predecessor.told(NEVER_S)),
                reason -> log.error(file + " is NOT taken over: " + reason + "; `tirl reload` tries again"));
    }

    @Override
    public Integer in(StoreSession session) throws SQLException {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            String version =
                    file + " " + now.size() + " " + now.lastModifiedTime().toMillis();
            if (!SeenPackets.isTakenOver(session, version)) {
                read(session);
                SeenPackets.takenOver(session, version);
            }
        } catch (NoSuchFileException none) {
            // It was never run here, or its directory was in memory.
        } catch (IOException | UncheckedIOException e) {
            trouble = Optional.of(String.valueOf(e.getMessage()));
        }
        return packets;
    }

    private void read(StoreSession session) throws IOException, SQLException {
        long floorS = SeenPackets.floor(session);
        List<DigestCache.Taken> some = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            Iterator<DigestCache.Taken> taken =
                    lines.map(DigestCache::parse).flatMap(Optional::stream).iterator();
            while (taken.hasNext()) {
                some.add(taken.next());
                if (some.size() == TOGETHER || !taken.hasNext()) {
                    add(session, some, floorS);
                    some.clear();
                }
            }
        }
    }

    private void add(StoreSession session, List<DigestCache.Taken> some, long floorS) throws SQLException {
        some.sort(Comparator.comparing(packet -> packet.digest().text()));
        for (DigestCache.Taken packet : some) {
            long timeS = packet.timeS() == 0 ? nowS : packet.timeS();
            if (timeS >= floorS) {
                int _ = SeenPackets.add(session, packet.digest(), timeS);
            }
            newestS = Math.max(newestS, timeS);
        }
        packets += some.size();
    }

    private void report(Log log) {
        if (trouble.isPresent()) {
            log.error(file + " cannot be read, packets that fwknopd has taken work once more: " + trouble.get());
        } else if (packets > 0) {
            log.notice("packets that fwknopd has taken are refused, by " + file + ": " + packets);
        }
    }
}

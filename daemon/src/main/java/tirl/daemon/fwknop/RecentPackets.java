package tirl.daemon.fwknop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tirl.fwknop.ReplayDigest;

/**
 * The latest packets that were used: somebody who sends one again and again does not keep the disk busy, and a packet that was
 * made after all those that only the disk knows needs no question to it.
 */
final class RecentPackets {
    private static final int MOST = 8192;

    private final Map<ReplayDigest, Long> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ReplayDigest, Long> eldest) {
            if (size() <= MOST) {
                return false;
            }
            newestGoneS = Math.max(newestGoneS, eldest.getValue());
            return true;
        }
    };

    /** When the newest packet was made that was here once. */
    private long newestGoneS = Long.MIN_VALUE;

    /** Adds them, of a packet that was made then; false when one was there. */
    boolean add(List<ReplayDigest> names, long madeS) {
        if (names.stream().anyMatch(recent::containsKey)) {
            return false;
        }
        names.forEach(name -> recent.put(name, madeS));
        return true;
    }

    void remove(List<ReplayDigest> names) {
        names.forEach(recent::remove);
    }

    /** Whether packets that were made then and used since the start are all here. */
    boolean knowsAllOf(long madeS) {
        return madeS > newestGoneS;
    }
}

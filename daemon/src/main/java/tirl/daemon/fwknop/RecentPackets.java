package tirl.daemon.fwknop;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tirl.fwknop.ReplayDigest;

/** The latest packets that were used, so that somebody who sends one again and again does not keep the disk busy. */
final class RecentPackets {
    private static final int MOST = 8192;

    private final Map<ReplayDigest, Boolean> recent = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ReplayDigest, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /** Adds them; false when one was there. */
    boolean add(List<ReplayDigest> names) {
        if (names.stream().anyMatch(recent::containsKey)) {
            return false;
        }
        names.forEach(name -> recent.put(name, true));
        return true;
    }

    void remove(List<ReplayDigest> names) {
        names.forEach(recent::remove);
    }
}

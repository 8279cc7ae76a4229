package tirl.fwknop.access;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tirl.fwknop.ReplayDigest;

/** fwknopd's digest.cache, so that what it has taken is refused by its successor too. */
public final class DigestCache {
    /** SHA-256 as base64 without padding. */
    private static final int DIGEST = 43;

    private static final int COLUMNS = 7;

    private DigestCache() {}

    /** The packets in a file with the Unix time of each. Lines that are none are left out. */
    public static Map<ReplayDigest, Long> read(byte[] content) {
        Map<ReplayDigest, Long> seen = new LinkedHashMap<>();
        for (String line : new String(content, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length == COLUMNS && columns[0].length() == DIGEST) {
                long time = Values.isPlainNumber(columns[COLUMNS - 1]) ? Values.number(columns[COLUMNS - 1]) : 0;
                seen.put(new ReplayDigest(columns[0]), time);
            }
        }
        return seen;
    }
}

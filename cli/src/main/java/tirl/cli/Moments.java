package tirl.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Instants of the daemon's answers, by this host's clock. */
final class Moments {
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private Moments() {}

    /** Empty for none; what is no instant stays as it is. */
    static String local(@Nullable Object instant) {
        if (instant == null) {
            return "";
        }
        try {
            return MINUTES.format(Instant.parse(instant.toString()).atZone(ZoneId.systemDefault()));
        } catch (DateTimeException e) {
            return instant.toString();
        }
    }
}

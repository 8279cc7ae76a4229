package tirl.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Trials at a site: the file to try, and what tells that one is under way or over. */
final class Trying {
    /** Guards one more port than {@link Doors#plain}, and opens ssh by other knocks. */
    static final String OTHER = Doors.service("ssh", "tcp/22")
            + Doors.service("dns", "tcp/53")
            + Doors.door("other", "tcp/7300 tcp/8300 tcp/9300");

    static final int[] OTHER_DOOR = {7300, 8300, 9300};
    /** Longer than any trial of a test that is to end by itself. */
    static final Duration OVER = Duration.ofSeconds(10);

    private Trying() {}

    /** Beside the daemon's own file, with the same interfaces and the same socket. */
    static Path file(TirlProcess tirl, String config) {
        try {
            String own = Files.readString(tirl.configFile());
            String head = own.substring(0, own.indexOf("[[service]]"));
            return Files.writeString(tirl.configFile().resolveSibling("other.toml"), head + config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Output begin(TirlProcess tirl, String config, String within) {
        return tirl.control("try", file(tirl, config).toString(), "--within", within)
                .orThrow();
    }

    static void awaitBack(TirlProcess tirl) {
        Await.until(
                () -> "a daemon that went back; its log:\n" + tirl.log(),
                OVER,
                () -> tirl.log().contains("went back from "));
    }

    static void awaitReach(Client client, String server, int port, Reach reach) {
        Await.until(
                "port " + port + " is " + reach + " for " + client,
                OVER,
                () -> client.reach(server, port, Site.PROBE) == reach);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package tirl.daemon.spa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import tirl.daemon.store.Flushers;
import tirl.daemon.store.Store;
import tirl.spa.gate.ReplayWindow;

/**
 * What the disk of a directory takes for one claim, and for many that come at once. As a test's main class: {@code ClaimCosts
 * DIRECTORY}.
 */
final class ClaimCosts {
    private static final int ALONE = 200;
    private static final int TOGETHER = 20_000;
    /** As many as may wait. */
    private static final int AT_ONCE = 1_000;

    private ClaimCosts() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Path.of(args.length > 0 ? args[0] : "/var/tmp"), "claims");
        try (Store store = new Store(directory, System::nanoTime, System.out::println);
                Claims claims = new Claims(store, Flushers.INLINE, Runnable::run)) {
            long[] nanos = new long[ALONE];
            for (int i = 0; i < ALONE; i++) {
                long start = System.nanoTime();
                write(claims, 1);
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            System.out.printf(
                    Locale.ROOT,
                    "one claim: median %.2f ms, p95 %.2f ms%n",
                    nanos[ALONE / 2] / 1e6,
                    nanos[ALONE * 95 / 100] / 1e6);
            long start = System.nanoTime();
            for (int i = 0; i < TOGETHER / AT_ONCE; i++) {
                write(claims, AT_ONCE);
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d at once: %.0f claims a second%n",
                    AT_ONCE,
                    TOGETHER / ((System.nanoTime() - start) / 1e9));
        }
    }

    private static void write(Claims claims, int count) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            int device = i;
            // SQLite leaves out a row that does not differ, and then the disk too.
            ReplayWindow used = new ReplayWindow();
            used.accept(System.nanoTime());
            String window = Arrays.toString(used.toLongs());
            claims.write(
                    new Claim(
                            session -> {
                                try (var put = session.connection()
                                        .prepareStatement("INSERT OR REPLACE INTO meta VALUES (?, ?)")) {
                                    put.setString(1, "window " + device);
                                    put.setString(2, window);
                                    return put.executeUpdate();
                                }
                            },
                            left::countDown),
                    System.out::println);
        }
        left.await();
    }
}

package tirl.lab.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tirl.lab.Background;
import tirl.lab.LabException;
import tirl.lab.TirlProcess;

/**
 * A daemon under measurement.
 *
 * @param name as the table says it
 * @param process the program itself
 * @param status where ours tells its counters
 */
record Gate(
        String name, Supplier<ProcessHandle> process, Supplier<String> log, Optional<Path> status, AutoCloseable end)
        implements AutoCloseable {
    private static final Set<String> PRACTISING = Set.of("practice", "settling");

    static Gate of(String name, TirlProcess tirl, Folder folder) {
        return new Gate(name, tirl::handle, tirl::log, Optional.of(tirl.controlSocket()), () -> {
            tirl.close();
            folder.close();
        });
    }

    static Gate of(String name, Background daemon, Folder folder) {
        return new Gate(name, daemon::handle, () -> daemon.out() + daemon.err(), Optional.empty(), () -> {
            daemon.close();
            folder.close();
        });
    }

    Usage usage() {
        return Usage.of(process.get());
    }

    /** Whether it has threads that only ours has after its start, and not for long. */
    boolean practises() {
        Path threads = Path.of("/proc/" + process.get().pid() + "/task");
        try (Stream<Path> all = Files.list(threads)) {
            return all.anyMatch(thread -> PRACTISING.contains(name(thread)));
        } catch (IOException e) {
            throw new LabException(name + " has ended", e);
        }
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    /** One of our counters, by its key and the key of the object that it stands in. */
    long counter(String... keys) {
        return Control.counter(status.orElseThrow(), keys);
    }

    @Override
    public void close() {
        try {
            end.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

package tirl.lab.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import tirl.lab.Background;
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

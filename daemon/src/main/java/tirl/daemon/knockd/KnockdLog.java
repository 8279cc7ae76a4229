package tirl.daemon.knockd;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tirl.knockd.KnockdMessages;
import tirl.linux.syslog.Syslog;
import tirl.packet.Address;

/**
 * knockd's log: a file, syslog, and standard output with -v. One thread writes, in the order of the calls, and looks
 * names up; callers never wait for either.
 */
final class KnockdLog implements AutoCloseable {
    /** A flood of first knocks is a flood of "Stage 1" lines; what the queue cannot hold is counted and said once. */
    private static final int QUEUE = 8192;

    private static final int CACHED_NAMES = 1024;
    private static final int PATIENCE_SECONDS = 5;

    /** Which of its outlets a message of knockd's goes to; standard output only with -v. */
    private enum Outlet {
        LOG_AND_OUTPUT,
        LOG,
        LOG_AND_ERROR,
        OUTPUT,
        SYSLOG_AND_OUTPUT
    }

    /** @param message makes the text from the source's name */
    private record Line(Outlet outlet, @Nullable Address source, UnaryOperator<String> message, Runnable after) {}

    private final Consumer<String> out;
    private final boolean verbose;
    private final boolean lookUp;
    private final BlockingQueue<Line> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong lost = new AtomicLong();
    private final Map<Address, String> names = new LinkedHashMap<>();
    private final Thread writer;
    /** Touched by the writing thread only, like all that follows. */
    private boolean closed;

    private @Nullable OutputStream file;
    private @Nullable Syslog syslog;

    KnockdLog(Consumer<String> out, boolean verbose, boolean lookUp) {
        this.out = out;
        this.verbose = verbose;
        this.lookUp = lookUp;
        writer = Thread.ofPlatform().name("log").daemon().start(this::write);
    }

    /** Goes over to these; a log file that cannot be opened is only warned about, as by knockd. */
    void use(Optional<String> logFile, boolean useSyslog) {
        control(() -> {
            closeFile();
            logFile.ifPresent(this::open);
            if (useSyslog && syslog == null) {
                syslog = Syslog.standard(System.err::println);
            }
        });
    }

    /** Log and standard output. */
    void message(String text) {
        enqueue(Outlet.LOG_AND_OUTPUT, text);
    }

    /** A message about a source, which is named as the look-up option says. */
    void message(Address source, UnaryOperator<String> text) {
        enqueue(new Line(Outlet.LOG_AND_OUTPUT, source, text, () -> {}));
    }

    /** The log alone. */
    void quiet(String text) {
        enqueue(Outlet.LOG, text);
    }

    /** The log, and standard error with or without -v. */
    void loud(String text) {
        enqueue(Outlet.LOG_AND_ERROR, text);
    }

    /** Standard output alone. */
    void aside(String text) {
        enqueue(Outlet.OUTPUT, text);
    }

    /** While the log file is closed. */
    void meanwhile(String text) {
        enqueue(Outlet.SYSLOG_AND_OUTPUT, text);
    }

    private void enqueue(Outlet outlet, String text) {
        enqueue(new Line(outlet, null, _ -> text, () -> {}));
    }

    private void enqueue(Line line) {
        if (!queue.offer(line)) {
            lost.incrementAndGet();
        }
    }

    /** These few are never left out, so a full queue is waited for. */
    private void control(Runnable action) {
        try {
            queue.put(new Line(Outlet.LOG, null, _ -> "", action));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        try {
            while (!closed) {
                Line line = queue.take();
                try {
                    put(line.outlet(), line.message().apply(line.source() == null ? "" : name(line.source())));
                    line.after().run();
                } catch (RuntimeException bug) {
                    // Without this thread the queue fills up, and a reload or the end would wait for it for ever.
                    System.err.println("a bug in tirl, please report it: " + bug);
                }
                long missing = queue.isEmpty() ? lost.getAndSet(0) : 0;
                if (missing > 0) {
                    put(
                            Outlet.LOG_AND_OUTPUT,
                            "tirl: " + missing + " messages were not logged: more came than could be written");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeFile();
        }
    }

    private void put(Outlet outlet, String message) {
        if (message.isEmpty()) {
            return;
        }
        switch (outlet) {
            case LOG_AND_OUTPUT -> {
                output(message);
                toSyslog(message);
                toFile(message);
            }
            case LOG -> {
                toSyslog(message);
                toFile(message);
            }
            case LOG_AND_ERROR -> {
                System.err.println(message);
                toSyslog(message);
                toFile(message);
            }
            case OUTPUT -> output(message);
            case SYSLOG_AND_OUTPUT -> {
                output(message);
                toSyslog(message);
            }
        }
    }

    private void output(String message) {
        if (verbose) {
            out.accept(message.stripTrailing());
        }
    }

    private void toSyslog(String message) {
        if (syslog != null) {
            syslog.notice(message);
        }
    }

    private void toFile(String message) {
        if (file == null) {
            return;
        }
        try {
            file.write(KnockdMessages.logLine(LocalDateTime.now(ZoneId.systemDefault()), message)
                    .getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            System.err.println("the log file cannot be written: " + e.getMessage());
            closeFile();
        }
    }

    private String name(Address source) {
        if (!lookUp) {
            return KnockdMessages.source(source);
        }
        String known = names.get(source);
        if (known != null) {
            return known;
        }
        String name = KnockdMessages.source(source);
        try {
            String host = InetAddress.getByAddress(source.bytes()).getCanonicalHostName();
            // Without a name the JDK gives back the address in its own spelling.
            boolean found = Address.parse(host).isEmpty();
            name = found ? KnockdMessages.source(source, host) : name;
        } catch (UnknownHostException e) {
            // An address without a name is logged without one.
        }
        if (names.size() >= CACHED_NAMES) {
            names.clear();
        }
        names.put(source, name);
        return name;
    }

    private void open(String path) {
        try {
            file = Files.newOutputStream(Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.println("warning: cannot open logfile " + path + ": " + e.getMessage());
        }
    }

    private void closeFile() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                System.err.println("the log file cannot be closed: " + e.getMessage());
            }
            file = null;
        }
    }

    /** Writes what is waiting, and ends. */
    @Override
    public void close() {
        control(() -> closed = true);
        try {
            writer.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

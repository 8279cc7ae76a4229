package tirl.daemon.systemd;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tirl.linux.libc.LibcException;
import tirl.linux.libc.UnixDatagram;

/** The socket of sd_notify(3). One thread at a time; it never waits, and a message that nobody takes is no failure. */
public final class NotifySocket implements AutoCloseable {
    private static final long NS_PER_US = 1000;

    private final @Nullable UnixDatagram socket;
    private final String address;
    private final long watchdogNs;
    private String toldStatus = "";

    private NotifySocket(@Nullable UnixDatagram socket, String address, long watchdogNs) {
        this.socket = socket;
        this.address = address;
        this.watchdogNs = watchdogNs;
    }

    /**
     * The socket that the service manager named in {@code NOTIFY_SOCKET}: a path, or an abstract name after {@code @}.
     * Any other kind, and none, is silence.
     */
    public static NotifySocket of(Map<String, String> environment, long processId) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (name.length() < 2 || (name.charAt(0) != '/' && name.charAt(0) != '@')) {
            return new NotifySocket(null, "", 0);
        }
        try {
            return new NotifySocket(new UnixDatagram(), name, watchdogNs(environment, processId));
        } catch (LibcException noSocket) {
            return new NotifySocket(null, "", 0);
        }
    }

    private static long watchdogNs(Map<String, String> environment, long processId) {
        // systemd sets WATCHDOG_PID so that a child which inherits the rest does not feel addressed.
        String process = environment.getOrDefault("WATCHDOG_PID", Long.toString(processId));
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            boolean isOurs = process.equals(Long.toString(processId));
            return isOurs && micros > 0 && micros <= Long.MAX_VALUE / NS_PER_US ? micros * NS_PER_US : 0;
        } catch (NumberFormatException notFromSystemd) {
            return 0;
        }
    }

    public boolean isConnected() {
        return socket != null;
    }

    /** After how long without {@link #alive} the service is killed; empty when nobody watches. */
    public Optional<Long> watchdogNs() {
        return watchdogNs == 0 ? Optional.empty() : Optional.of(watchdogNs);
    }

    public void ready(String status) {
        toldStatus = status;
        send("READY=1\nSTATUS=" + oneLine(status));
    }

    /** To be followed by {@link #ready}. */
    public void reloading(long monotonicNs) {
        send("RELOADING=1\nMONOTONIC_USEC=" + monotonicNs / NS_PER_US);
    }

    public void stopping() {
        send("STOPPING=1");
    }

    /** Feeds the watchdog, if there is one, and tells the status when it is a new one. */
    public void alive(String status) {
        boolean isNew = !status.equals(toldStatus);
        toldStatus = status;
        String message = (watchdogNs > 0 ? "WATCHDOG=1\n" : "") + (isNew ? "STATUS=" + oneLine(status) : "");
        if (!message.isEmpty()) {
            send(message.strip());
        }
    }

    private static String oneLine(String status) {
        return status.replace('\n', ' ');
    }

    private void send(String message) {
        if (socket == null) {
            return;
        }
        try {
            socket.send(message.getBytes(StandardCharsets.UTF_8), address);
        } catch (LibcException | IllegalArgumentException nobodyTakesIt) {
            // A service manager that is restarting itself, or a name too long to be one of its.
        }
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}

package tirl.daemon.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How this host calls itself, for subjects and for SMTP. */
final class HostName {
    private static final Path FILE = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** From the kernel: asking the resolver may take its time. */
    static String read() {
        try {
            String name = Files.readString(FILE).strip();
            return name.matches("[A-Za-z0-9.-]{1,100}") ? name : "localhost";
        } catch (IOException unreadable) {
            return "localhost";
        }
    }
}

package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The end of a service's notify socket where systemd would listen. */
public final class NotifyReceiver implements AutoCloseable {
    private final Path directory;
    private final int socket;
    private final List<String> messages = new ArrayList<>();

    private NotifyReceiver(Path directory) {
        this.directory = directory;
        socket = Libc.unixDatagramSocket(path().toString());
    }

    public static NotifyReceiver create() {
        try {
            return new NotifyReceiver(Files.createTempDirectory("tl"));
        } catch (IOException e) {
            throw new LabException("could not make a directory for a socket", e);
        }
    }

    /** What the service finds in {@code NOTIFY_SOCKET}. */
    public Path path() {
        return directory.resolve("notify");
    }

    /** Every message so far. */
    public List<String> messages() {
        for (Optional<String> next = Libc.receiveNow(socket); next.isPresent(); next = Libc.receiveNow(socket)) {
            messages.add(next.get());
        }
        return List.copyOf(messages);
    }

    public void await(String text, int times, Duration limit) {
        Await.until(() -> times + " messages with " + text + " among " + messages(), limit, () -> count(text) >= times);
    }

    /** How many messages so far hold the text. */
    public long count(String text) {
        return messages().stream().filter(message -> message.contains(text)).count();
    }

    @Override
    public void close() {
        Libc.close(socket);
        try {
            Files.delete(path());
            Files.delete(directory);
        } catch (IOException e) {
            throw new LabException("could not remove " + directory, e);
        }
    }
}

package tirl.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import tirl.daemon.control.ControlException;
import tirl.daemon.control.ControlRequests;
import tirl.daemon.control.ControlServer;

/** A control socket that answers what the test says, and remembers what it was asked. */
final class FakeDaemon implements ControlRequests, AutoCloseable {
    /** What comes of a request. */
    interface Answer {
        Object to(Map<String, Object> request) throws ControlException;
    }

    private final List<Map<String, Object>> asked = new CopyOnWriteArrayList<>();
    private final Answer answer;
    private final Path socket;
    private final ControlServer server;

    FakeDaemon(Path folder, Answer answer) throws IOException {
        this.answer = answer;
        socket = folder.resolve("control");
        server = new ControlServer(socket, this);
    }

    String socket() {
        return socket.toString();
    }

    List<Map<String, Object>> asked() {
        return List.copyOf(asked);
    }

    @Override
    public Object answer(Map<String, Object> request) throws ControlException {
        asked.add(request);
        return answer.to(request);
    }

    @Override
    public void watch(BlockingQueue<Map<String, Object>> queue) {}

    @Override
    public void unwatch(BlockingQueue<Map<String, Object>> queue) {}

    @Override
    public void close() {
        server.close();
    }
}

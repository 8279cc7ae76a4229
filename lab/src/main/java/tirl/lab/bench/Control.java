package tirl.lab.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tirl.lab.LabException;

/** Asks a running daemon of ours without starting a program for it, which would be a load of its own. */
final class Control {
    private Control() {}

    /** The answer to a request, as one line of JSON. */
    static String ask(Path socket, String command) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer request = StandardCharsets.UTF_8.encode("{\"command\":\"" + command + "\"}\n");
            while (request.hasRemaining()) {
                channel.write(request);
            }
            BufferedReader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
            String line = in.readLine();
            if (line == null) {
                throw new LabException("the daemon hung up");
            }
            return line;
        } catch (IOException e) {
            throw new LabException("no daemon answers at " + socket, e);
        }
    }

    /** A number of the status: the last key's, the first time that it comes after those before it. */
    static long counter(Path socket, String... keys) {
        String status = ask(socket, "status");
        int at = 0;
        for (String key : keys) {
            at = status.indexOf("\"" + key + "\"", at);
            if (at < 0) {
                throw new LabException("no " + key + " in " + status);
            }
            at += key.length() + 2;
        }
        String number = status.substring(at).replaceFirst("(?s)^\\s*:\\s*", "").replaceFirst("(?s)[^0-9].*", "");
        return Long.parseLong(number);
    }
}

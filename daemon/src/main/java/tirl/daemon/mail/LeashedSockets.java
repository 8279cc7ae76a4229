package tirl.daemon.mail;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import javax.net.SocketFactory;

/**
 * Sockets whose other side may say so much, in so long a time. The library keeps every line of an answer, and somebody on
 * the way could go on for ever.
 */
final class LeashedSockets extends SocketFactory {
    private static final int OCTETS = 1 << 18;
    private static final Duration TIME = Duration.ofMinutes(2);

    @Override
    public Socket createSocket() {
        return new Leashed();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new IOException("unconnected sockets only");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        throw new IOException("unconnected sockets only");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw new IOException("unconnected sockets only");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        throw new IOException("unconnected sockets only");
    }

    private static final class Leashed extends Socket {
        private final long deadlineNs = System.nanoTime() + TIME.toNanos();
        private int left = OCTETS;

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    return count(super.read(), 1);
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    int read = super.read(buffer, offset, length);
                    return count(read, read);
                }
            };
        }

        private int count(int result, int octets) throws IOException {
            left -= Math.max(0, octets);
            if (left < 0) {
                throw new IOException("it says more than a mail server has to say");
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IOException("the mail was not taken within 2 minutes");
            }
            return result;
        }
    }
}

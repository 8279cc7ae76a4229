package tirl.daemon.mail;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient;
import tirl.config.Mail;
import tirl.config.Mail.Security;

/** The library's client, with names checked, its patience bounded, and bounds on what a server may say. */
final class SmtpClient extends AuthenticatingSMTPClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private final Mail.Server server;

    SmtpClient(Mail.Server server) throws IOException, GeneralSecurityException {
        super(server.security() == Security.TLS, Authorities.context(server.ca()));
        this.server = server;
        setConnectTimeout((int) CONNECT.toMillis());
        setDefaultTimeout((int) ANSWER.toMillis());
        setSocketFactory(new LeashedSockets());
        setEndpointCheckingEnabled(true);
        setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    }

    /** It would check the certificate for the address, as the name is not told to it with one. */
    @Override
    protected void _connectAction_() throws IOException {
        _hostname_ = server.host();
        super._connectAction_();
    }

    Mail.Server server() {
        return server;
    }

    /** What it said behind an extension's name in its answer to EHLO. */
    Optional<String> offers(String extension) {
        return Stream.of(getReplyStrings())
                .filter(line -> line.length() > 4)
                .map(line -> line.substring(4).strip())
                .filter(line -> line.toUpperCase(Locale.ROOT).matches(extension + "([ =].*)?"))
                .map(line -> line.substring(extension.length()))
                .findFirst();
    }

    /** It has taken the mail; how it says good-bye does not matter. */
    void sayGoodbye() {
        try {
            boolean _ = logout();
        } catch (IOException gone) {
            // As we are.
        }
    }

    @Override
    public void close() {
        if (isConnected()) {
            try {
                disconnect();
            } catch (IOException gone) {
                // As it should be.
            }
        }
    }
}

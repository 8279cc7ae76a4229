package tirl.daemon.mail;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tirl.config.Mail;
import tirl.config.Mail.Security;

/** Why a mail server could not be reached or believed, for people. */
final class SmtpTrouble {
    private static final int LONGEST = 300;

    private SmtpTrouble() {}

    static String of(Exception failure, Mail.Server server) {
        return switch (failure) {
            case UnknownHostException _ -> "there is no host of that name, or no DNS";
            case ConnectException e -> "nobody answers there (" + oneLine(e.getMessage()) + ")";
            case SocketTimeoutException _ -> "it does not answer in time";
            case NoSuchFileException e -> "there is no file " + e.getFile();
            case FileSystemException e -> e.getFile() + " cannot be read";
            case SSLException e -> ofTls(e, server);
            case GeneralSecurityException e -> oneLine(e.getMessage());
            default -> oneLine(failure.getMessage() == null ? failure.toString() : failure.getMessage());
        };
    }

    private static String ofTls(SSLException failure, Mail.Server server) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException) {
                return "its certificate is of no authority that is trusted"
                        + (server.ca().isPresent()
                                ? "; ca names others"
                                : "; ca = \"FILE\" names yours, if it is of a private one");
            }
            if (cause instanceof CertificateException && cause.getCause() == null) {
                return "its certificate is not accepted: " + oneLine(cause.getMessage());
            }
        }
        String text = oneLine(failure.getMessage());
        return server.security() == Security.TLS && text.contains("Unsupported or unrecognized")
                ? "it does not begin with TLS; is it security = \"starttls\"?"
                : "TLS failed: " + text;
    }

    /** A server's words without what could begin another line, and not without end. */
    static String oneLine(@Nullable String text) {
        String clean = String.valueOf(text).strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return clean.length() > LONGEST ? clean.substring(0, LONGEST) + "..." : clean;
    }
}

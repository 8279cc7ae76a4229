package tirl.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Who gets an e-mail about what.
 *
 * @param to addresses, at least one
 * @param from the address that mail comes from
 * @param digest mails are at least so far apart; what happens in between is in one mail
 */
public record Mail(List<String> to, String from, Server server, Set<Kind> on, Duration digest) {
    /** Opens and closes, what went wrong, and who may knock from now on. */
    public static final Set<Kind> DEFAULT_ON =
            Set.of(Kind.OPENED, Kind.EXPIRED, Kind.REVOKED, Kind.DENIED, Kind.ENROLLED, Kind.REKEYED);

    public static final Duration DEFAULT_DIGEST = Duration.ofMinutes(1);

    /** Narrower than RFC 5321: no quoted names, no address literals, nothing that could end a line or a command. */
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,188}[A-Za-z0-9])?");

    public Mail {
        to = List.copyOf(to);
        on = Set.copyOf(on);
    }

    /** Whether this can stand in a header and in an SMTP command as it is. */
    public static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /**
     * The SMTP server that takes the mail.
     *
     * @param ca a PEM file with the authorities that are trusted, instead of those that Java brings
     */
    public record Server(String host, int port, Security security, Optional<Login> login, Optional<Path> ca) {
        /** For messages. */
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
        }
    }

    /** Who logs in. The password is read when it is needed and stays in its file. */
    public record Login(String user, Path passwordFile) {}

    /** How what is said to the server is kept from others. */
    public enum Security {
        /** In clear until STARTTLS; a server that does not offer it gets nothing. */
        STARTTLS(587),
        /** TLS from the first octet. */
        TLS(465),
        /** In clear. */
        NONE(25);

        private final int usualPort;

        Security(int usualPort) {
            this.usualPort = usualPort;
        }

        public int usualPort() {
            return usualPort;
        }
    }

    /** What can be told. */
    public enum Kind {
        OPENED,
        EXTENDED,
        DENIED,
        EXPIRED,
        REVOKED,
        CUT,
        NOT_CUT,
        ENROLLED,
        REKEYED;

        /** As `tirl watch --json` calls it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Set<Kind> all() {
            return EnumSet.allOf(Kind.class);
        }
    }
}

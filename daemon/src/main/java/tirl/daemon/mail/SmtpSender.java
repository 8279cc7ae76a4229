package tirl.daemon.mail;

import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.net.smtp.AuthenticatingSMTPClient.AUTH_METHOD;
import tirl.config.Mail;
import tirl.config.Mail.Security;

/** SMTP submission: one connection for each letter. */
final class SmtpSender implements MailSender {
    private final String host;

    /** @param host the name of this one */
    SmtpSender(String host) {
        this.host = host;
    }

    @Override
    public List<String> send(Mail mail, Letter letter) throws MailException {
        Mail.Server server = mail.server();
        Optional<Secret> secret = Optional.empty();
        try {
            if (server.login().isPresent()) {
                secret = Optional.of(Secret.read(server.login().get()));
            }
            try (SmtpClient client = new SmtpClient(server)) {
                return deliver(client, mail, letter, secret);
            }
        } catch (GeneralSecurityException | IOException e) {
            String reason = server + ": " + SmtpTrouble.of(e, server);
            throw new MailException(secret.map(it -> it.struckFrom(reason)).orElse(reason), e);
        } catch (MailException e) {
            throw new MailException(secret.map(it -> it.struckFrom(e.reason())).orElse(e.reason()), e);
        }
    }

    private List<String> deliver(SmtpClient client, Mail mail, Letter letter, Optional<Secret> secret)
            throws IOException, GeneralSecurityException, MailException {
        connect(client, mail.server());
        hello(client);
        if (mail.server().security() == Security.STARTTLS) {
            if (client.offers("STARTTLS").isEmpty()) {
                throw new MailException(
                        mail.server()
                                + ": it does not offer STARTTLS, so nothing was sent; is it another port, or security = \"tls\"?");
            }
            require(client.execTLS(), client, "STARTTLS");
            // What it said before could have been anybody's.
            hello(client);
        }
        if (secret.isPresent()) {
            login(client, secret.get());
        }
        return hand(client, mail, letter);
    }

    private static void connect(SmtpClient client, Mail.Server server) throws IOException, MailException {
        InetAddress[] addresses = InetAddress.getAllByName(server.host());
        for (int i = 0; i < addresses.length; i++) {
            try {
                client.connect(addresses[i], server.port());
                require(client.getReplyCode() == 220, client, "its greeting");
                return;
            } catch (IOException e) {
                if (i == addresses.length - 1) {
                    throw e;
                }
            }
        }
    }

    private void hello(SmtpClient client) throws IOException, MailException {
        require(client.elogin(host), client, "EHLO");
    }

    private static void login(SmtpClient client, Secret secret)
            throws IOException, GeneralSecurityException, MailException {
        List<String> methods = Stream.of(client.offers("AUTH").orElse("").split("[ =]", -1))
                .map(word -> word.toUpperCase(Locale.ROOT))
                .toList();
        AUTH_METHOD method = methods.contains("PLAIN") ? AUTH_METHOD.PLAIN : AUTH_METHOD.LOGIN;
        if (!methods.contains(method.name())) {
            throw new MailException(client.server() + ": it offers neither AUTH PLAIN nor AUTH LOGIN"
                    + " as security is here; user and password were not sent");
        }
        require(client.auth(method, secret.user(), secret.password()), client, "the login of " + secret.user());
    }

    private List<String> hand(SmtpClient client, Mail mail, Letter letter) throws IOException, MailException {
        require(client.setSender(mail.from()), client, "the sender " + mail.from());
        List<String> refused = new ArrayList<>();
        for (String to : mail.to()) {
            if (!client.addRecipient(to)) {
                refused.add(said(client, to));
            }
        }
        if (refused.size() == mail.to().size()) {
            throw new MailException(refused.stream().collect(Collectors.joining("; ")));
        }
        Writer data = client.sendMessageData();
        require(data != null, client, "DATA");
        if (data != null) {
            data.write(letter.write(mail, host, Instant.now(), UUID.randomUUID().toString()));
            data.close();
        }
        require(client.completePendingCommand(), client, "the mail");
        client.sayGoodbye();
        return refused;
    }

    private static void require(boolean good, SmtpClient client, String what) throws MailException {
        if (!good) {
            throw new MailException(said(client, what));
        }
    }

    /** What was refused, with the server's own words. */
    private static String said(SmtpClient client, String what) {
        return client.server() + " refused " + what + ": " + SmtpTrouble.oneLine(client.getReplyString());
    }
}

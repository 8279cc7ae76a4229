package tirl.daemon.mail;

import java.util.List;
import tirl.config.Mail;

/** The mail by which an administrator sees that mail arrives. */
public final class TestMail {
    private TestMail() {}

    /** Sends one, and returns what the server did not do of it: recipients that it refused, for example. */
    public static List<String> send(Mail mail) throws MailException {
        String host = HostName.read();
        Letter letter = new Letter(
                "tirl on " + host + ": a test",
                List.of(
                        "Somebody on " + host + " ran `tirl check --mail`. Alerts of tirl arrive like this one.",
                        "They are about: "
                                + mail.on().stream()
                                        .map(Mail.Kind::word)
                                        .sorted()
                                        .toList()));
        return new SmtpSender(host).send(mail, letter);
    }
}

package tirl.daemon.mail;

import java.util.List;
import tirl.config.Mail;

/** Brings a letter to the server. May take as long as a server takes. */
@FunctionalInterface
interface MailSender {
    /** Returns when the server has taken it, with what it did not do: recipients that it refused, for example. */
    List<String> send(Mail mail, Letter letter) throws MailException;
}

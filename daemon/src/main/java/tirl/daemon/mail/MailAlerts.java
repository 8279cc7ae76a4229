package tirl.daemon.mail;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tirl.config.Mail;
import tirl.config.Mail.Kind;
import tirl.event.Event;

/**
 * Mail about events, while the configuration asks for it; without it no thread runs and no class of the mail library is
 * loaded. All methods are the decision thread's, and only {@link #close} waits.
 */
public final class MailAlerts implements AutoCloseable {
    /** For what has not been sent yet. A stop that takes longer helps nobody. */
    private static final Duration LAST_MAIL = Duration.ofSeconds(3);

    private final Function<Event, String> text;
    private final Consumer<String> notice;
    private final Consumer<String> warning;
    private @Nullable MailLoop loop;
    private @Nullable Mail mail;

    /** @param text an event in one line, for any thread */
    public MailAlerts(Function<Event, String> text, Consumer<String> notice, Consumer<String> warning) {
        this.text = text;
        this.notice = notice;
        this.warning = warning;
    }

    /** From now on mail goes as this says. What waits for an absent server is tried again at once. */
    public void follow(Optional<Mail> wanted) {
        Mail next = wanted.orElse(null);
        mail = next;
        if (next == null) {
            if (loop != null) {
                loop.end();
            }
            loop = null;
        } else if (loop == null) {
            String host = HostName.read();
            loop = new MailLoop(next, new SmtpSender(host), new LetterWriter(host, text), notice, warning);
        } else {
            loop.follow(next);
        }
    }

    public void accept(Event event) {
        if (loop == null || mail == null) {
            return;
        }
        Optional<Kind> kind = Kinds.of(event);
        if (kind.isPresent() && mail.on().contains(kind.get())) {
            loop.add(kind.get(), event, Instant.now());
        }
    }

    @Override
    public void close() {
        if (loop != null) {
            loop.end();
            loop.await(LAST_MAIL);
        }
    }
}

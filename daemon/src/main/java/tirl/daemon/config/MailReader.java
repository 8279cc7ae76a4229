package tirl.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tirl.config.Mail;
import tirl.config.Mail.Kind;
import tirl.config.Mail.Login;
import tirl.config.Mail.Security;
import tirl.config.Notation;
import tirl.config.NotationException;
import tirl.daemon.config.Section.Placed;
import tirl.packet.Address;
import tirl.spa.Invitation;

/** Reads the section {@code [mail]}. */
final class MailReader {
    private static final Duration LONGEST_DIGEST = Duration.ofDays(1);
    private static final Duration SHORTEST_DIGEST = Duration.ofSeconds(1);
    private static final int MOST_RECIPIENTS = 20;

    private final Problems problems;

    MailReader(Problems problems) {
        this.problems = problems;
    }

    Mail read(Section section) {
        section.require("to");
        List<String> to = section.oneOrMore("to", MailReader::address).stream()
                .map(Placed::value)
                .distinct()
                .toList();
        if (to.size() > MOST_RECIPIENTS) {
            problems.error(section.position("to"), "to has " + to.size() + " addresses; at most " + MOST_RECIPIENTS);
        }
        section.require("from");
        String from = section.read("from", MailReader::address, "");
        Mail.Server server = server(section);
        Set<Kind> on = section.has("on") ? kinds(section) : Mail.DEFAULT_ON;
        Duration digest = section.read("digest", MailReader::digest, Mail.DEFAULT_DIGEST);
        section.finish();
        return new Mail(to, from, server, on, digest);
    }

    private Mail.Server server(Section section) {
        section.require("server");
        String host = section.read("server", MailReader::host, "localhost");
        Security security = section.read("security", MailReader::security, Security.STARTTLS);
        int port = section.number("port", security.usualPort(), 1, 65535);
        Optional<Login> login = login(section);
        boolean inClear = security == Security.NONE && !isHere(host);
        if (inClear && login.isPresent()) {
            problems.error(
                    section.position("security"),
                    "with security = \"none\" everybody on the way to " + host
                            + " could read the password; write \"starttls\" or \"tls\"");
        }
        Optional<Path> ca = path(section, "ca");
        if (ca.isPresent() && security == Security.NONE) {
            problems.error(section.position("ca"), "without TLS no certificate is looked at; take ca away");
        }
        return new Mail.Server(host, port, security, login, ca);
    }

    private Optional<Login> login(Section section) {
        Optional<String> user = section.text("user");
        Optional<Path> password = path(section, "password-file");
        if (user.isPresent() != password.isPresent()) {
            String there = user.isPresent() ? "user" : "password-file";
            problems.error(
                    section.position(there),
                    there + " needs \"" + (user.isPresent() ? "password-file" : "user") + "\" beside it");
        }
        if (user.isPresent() && user.get().chars().anyMatch(Character::isISOControl)) {
            problems.error(section.position("user"), "user has a control character");
        }
        return user.flatMap(name -> password.map(file -> new Login(name, file)));
    }

    private static Optional<Path> path(Section section, String key) {
        return section.has(key)
                ? Optional.of(section.read(key, ConfigReader::absolutePath, Path.of("/")))
                : Optional.empty();
    }

    private static boolean isHere(String host) {
        return host.equals("localhost")
                || Address.parse(host).filter(Address::isLoopback).isPresent();
    }

    private Set<Kind> kinds(Section section) {
        section.require("on");
        EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
        section.list("on", MailReader::kind).forEach(kind -> kinds.add(kind.value()));
        return kinds;
    }

    private static Kind kind(String text) throws NotationException {
        for (Kind kind : Kind.all()) {
            if (kind.word().equals(text)) {
                return kind;
            }
        }
        throw new NotationException("\"" + text + "\" is nothing that is mailed; write "
                + Kind.all().stream().map(kind -> '"' + kind.word() + '"').collect(Collectors.joining(", ")));
    }

    private static String address(String text) throws NotationException {
        if (!Mail.isAddress(text)) {
            throw new NotationException("\"" + text + "\" is no address; write ops@example.org, without a name");
        }
        return text;
    }

    private static String host(String text) throws NotationException {
        if (!Invitation.isHost(text)) {
            throw new NotationException(
                    "\"" + text + "\" is no name or address of a host; write smtp.example.org, and the port as port");
        }
        return text;
    }

    private static Security security(String text) throws NotationException {
        for (Security security : Security.values()) {
            if (security.name().toLowerCase(Locale.ROOT).equals(text)) {
                return security;
            }
        }
        throw new NotationException("\"" + text + "\" is no security; write \"starttls\", \"tls\" or \"none\"");
    }

    private static Duration digest(String text) throws NotationException {
        Duration digest = Notation.duration(text);
        if (digest.compareTo(SHORTEST_DIGEST) < 0 || digest.compareTo(LONGEST_DIGEST) > 0) {
            throw new NotationException("mails are " + Notation.write(SHORTEST_DIGEST) + " to "
                    + Notation.write(LONGEST_DIGEST) + " apart, not " + text);
        }
        return digest;
    }
}

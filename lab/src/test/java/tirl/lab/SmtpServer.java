package tirl.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real mail server (aiosmtpd) on loopback in a namespace, with a certificate of its own for "localhost". */
final class SmtpServer implements AutoCloseable {
    static final int PORT = 2525;

    private static final Path SCRIPT = ConventionsTest.REPOSITORY.resolve("lab/src/test/smtp-server.py");

    private final Path folder;
    private final Background process;

    private SmtpServer(Path folder, Background process) {
        this.folder = folder;
        this.process = process;
    }

    /**
     * Starts one and waits until it listens.
     *
     * @param folder where its mails are, also those of earlier ones
     * @param mode none, starttls or tls
     */
    static SmtpServer start(Namespace namespace, Path folder, String mode) {
        Background process = namespace.start(
                "/usr/bin/python3",
                SCRIPT.toString(),
                folder.toString(),
                Integer.toString(PORT),
                mode,
                folder.resolve("cert.pem").toString(),
                folder.resolve("key.pem").toString());
        SmtpServer server = new SmtpServer(folder, process);
        Await.until(
                () -> "a mail server: " + process.err(),
                Duration.ofSeconds(15),
                () -> process.out().contains("listening"));
        return server;
    }

    /** Makes {@code cert.pem}, which is its own authority, and {@code key.pem}. */
    static void makeCertificate(Path folder, String host) {
        Command.run(
                        Duration.ofSeconds(20),
                        List.of(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:P-256",
                                "-nodes",
                                "-days",
                                "2",
                                "-subj",
                                "/CN=" + host,
                                "-addext",
                                "subjectAltName=DNS:" + host,
                                "-keyout",
                                folder.resolve("key.pem").toString(),
                                "-out",
                                folder.resolve("cert.pem").toString()))
                .orThrow();
    }

    /** The mails taken so far, the oldest first. */
    static List<String> mails(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sorted = files.filter(file -> file.toString().endsWith(".mail"))
                    .sorted()
                    .toList();
            List<String> mails = new ArrayList<>();
            for (Path file : sorted) {
                mails.add(Files.readString(file));
            }
            return mails;
        } catch (IOException e) {
            throw new LabException("could not read " + folder, e);
        }
    }

    List<String> mails() {
        return mails(folder);
    }

    List<String> awaitMails(int count, TirlProcess tirl) {
        Await.until(
                () -> count + " mails, not " + mails() + "; the daemon's log:\n" + tirl.log(),
                Duration.ofSeconds(15),
                () -> mails().size() >= count);
        return mails();
    }

    @Override
    public void close() {
        process.close();
    }
}

package tirl.daemon.mail;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tirl.config.Mail;
import tirl.daemon.spa.PrivateFiles;
import tirl.daemon.spa.SpaException;

/** User and password as they are at this moment; a changed file needs no reload. */
record Secret(String user, String password) {
    /** The file's first line, if nobody else can read it. */
    static Secret read(Mail.Login login) throws MailException {
        try {
            String password =
                    PrivateFiles.read(login.passwordFile()).lines().findFirst().orElse("");
            if (password.isEmpty() || password.indexOf('\0') >= 0) {
                throw new MailException(login.passwordFile() + ": its first line is no password");
            }
            return new Secret(login.user(), password);
        } catch (SpaException e) {
            throw new MailException(e.reason(), e);
        }
    }

    /** A server may repeat what it was told. */
    String struckFrom(String text) {
        return text.replace(base64("\0" + user + "\0" + password), "***")
                .replace(base64(password), "***")
                .replace(password, "***");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "login of " + user;
    }
}

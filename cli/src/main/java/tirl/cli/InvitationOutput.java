package tirl.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Shows an invitation: to people with a QR code, to scripts as JSON, and to both as a picture if they like. */
final class InvitationOutput {
    /** Between a picture's name and its ending, for the one-time code's. */
    private static final String CODE_MARK = "-code";

    @Option(
            names = "--png",
            paramLabel = "FILE",
            description =
                    "write the QR code there too, for the owner only; that of --code goes beside it, as NAME-code")
    private @Nullable Path png;

    @Option(names = "--no-qr", description = "without a QR code on the terminal")
    private boolean noQr;

    /** To be called before the daemon makes an invitation that could not be shown. */
    void check(boolean withCode) throws IOException {
        if (png != null) {
            PrivateFile.refuseExisting(png);
            if (withCode) {
                PrivateFile.refuseExisting(beside(png));
            }
        }
    }

    void show(Object result, Output output) throws IOException {
        if (!(result instanceof Map<?, ?> invitation)) {
            throw new IOException("the daemon's answer is no invitation; are `tirl` and the daemon of one version?");
        }
        String uri = String.valueOf(invitation.get("uri"));
        Optional<String> code = Optional.ofNullable(invitation.get("code")).map(String::valueOf);
        output.print(result, _ -> tell(invitation, uri, code, output));
        if (png != null) {
            PrivateFile.write(png, QrCode.of(uri).png());
            if (code.isPresent()) {
                PrivateFile.write(beside(png), QrCode.of(code.get()).png());
            }
        }
    }

    private void tell(Map<?, ?> invitation, String uri, Optional<String> code, Output output) {
        Object name = invitation.get("name");
        output.line("Invitation for %s, valid until %s.", name, Moments.local(invitation.get("valid-until")));
        output.line("It is a secret and works once: whoever uses it first is %s from then on.", name);
        output.line("On the device run `tirl join` and paste this line, or scan the code:");
        output.line("");
        output.line("%s", uri);
        draw(uri, output);
        code.ifPresent(text -> {
            output.line(
                    "The second factor of %s, for an authenticator app; a secret for as long as the device lives:",
                    name);
            output.line("");
            output.line("%s", text);
            draw(text, output);
        });
        if (png != null) {
            output.line("Written: %s%s", png, code.isPresent() ? " and " + beside(png) : "");
        }
    }

    private void draw(String text, Output output) {
        output.line("");
        if (noQr) {
            return;
        }
        QrCode qr = QrCode.of(text);
        boolean colours = isColourful();
        if (hasBlocks()) {
            output.line("%s", colours ? qr.coloured() : qr.plain());
        } else if (colours) {
            output.line("%s", qr.cells());
        } else {
            output.line("(no QR code: this output has no block characters; --png FILE makes a picture)%n");
        }
    }

    private static boolean isColourful() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
                && System.getenv("NO_COLOR") == null
                && !"dumb".equals(System.getenv("TERM"));
    }

    private static boolean hasBlocks() {
        String name =
                System.getProperty("stdout.encoding", Charset.defaultCharset().name());
        return Charset.isSupported(name) && Charset.forName(name).newEncoder().canEncode('\u2580');
    }

    /** {@code anna-code.png} for {@code anna.png}. */
    private static Path beside(Path picture) {
        String name = String.valueOf(picture.getFileName());
        int dot = name.toLowerCase(Locale.ROOT).lastIndexOf(".png");
        String other = dot < 0 ? name + CODE_MARK : name.substring(0, dot) + CODE_MARK + name.substring(dot);
        return picture.resolveSibling(other);
    }
}

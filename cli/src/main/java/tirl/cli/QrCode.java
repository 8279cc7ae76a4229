package tirl.cli;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import java.util.Map;

/** A QR code with its quiet zone, drawn in characters or as PNG. */
final class QrCode {
    /** Modules of light around it: ISO/IEC 18004 section 9.1. */
    private static final int QUIET = 4;
    /** Black on white by the numbers of the colour cube, which no theme changes, whatever the terminal's own colours. */
    private static final String INK = "\033[38;5;16;48;5;231m";

    private static final String DARK_CELL = "\033[48;5;16m  ";
    private static final String LIGHT_CELL = "\033[48;5;231m  ";
    private static final String RESET = "\033[0m";

    private final BitMatrix dark;

    private QrCode(BitMatrix dark) {
        this.dark = dark;
    }

    /** Capitals, digits and a few signs alone make a smaller one. */
    static QrCode of(String text) {
        try {
            return new QrCode(new QRCodeWriter()
                    .encode(
                            text,
                            BarcodeFormat.QR_CODE,
                            0,
                            0,
                            Map.of(
                                    EncodeHintType.ERROR_CORRECTION,
                                    ErrorCorrectionLevel.M,
                                    EncodeHintType.MARGIN,
                                    QUIET)));
        } catch (WriterException e) {
            throw new IllegalArgumentException(text.length() + " characters are too many for a QR code", e);
        }
    }

    /** Two modules a character, black on white on every terminal. */
    String coloured() {
        StringBuilder text = new StringBuilder();
        for (int y = 0; y < dark.getHeight(); y += 2) {
            text.append(INK);
            for (int x = 0; x < dark.getWidth(); x++) {
                text.append(halves(isDark(x, y), isDark(x, y + 1)));
            }
            text.append(RESET).append('\n');
        }
        return text.toString();
    }

    /** The same without colours: the light modules are drawn, which is right on a dark ground. */
    String plain() {
        StringBuilder text = new StringBuilder();
        for (int y = 0; y < dark.getHeight(); y += 2) {
            for (int x = 0; x < dark.getWidth(); x++) {
                text.append(halves(!isDark(x, y), !isDark(x, y + 1)));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Two blanks a module, for terminals without block characters. */
    String cells() {
        StringBuilder text = new StringBuilder();
        for (int y = 0; y < dark.getHeight(); y++) {
            for (int x = 0; x < dark.getWidth(); x++) {
                text.append(isDark(x, y) ? DARK_CELL : LIGHT_CELL);
            }
            text.append(RESET).append('\n');
        }
        return text.toString();
    }

    byte[] png() {
        return Png.of(dark.getWidth(), dark.getHeight(), this::isDark);
    }

    private static char halves(boolean upper, boolean lower) {
        if (upper) {
            return lower ? '\u2588' : '\u2580';
        }
        return lower ? '\u2584' : ' ';
    }

    /** Below the last line it is light. */
    private boolean isDark(int x, int y) {
        return y < dark.getHeight() && dark.get(x, y);
    }
}

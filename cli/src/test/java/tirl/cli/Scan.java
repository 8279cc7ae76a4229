package tirl.cli;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A phone before a screen or a picture: pixels, and zxing's reader on them. */
final class Scan {
    private static final int WHITE = 0xffffff;
    private static final int BLACK = 0;
    /** A character is this wide and twice as high. */
    private static final int CELL = 6;
    /** More of the terminal around the code. */
    private static final int BORDER = 40;

    private Scan() {}

    /** What a terminal of this ground and ink shows of lines, half blocks and the colours 16 and 231. */
    static String ofTerminal(String text, boolean lightGround) throws ReaderException {
        int ground = lightGround ? WHITE : BLACK;
        int ink = lightGround ? BLACK : WHITE;
        List<String> lines = text.lines().toList();
        int width = 2 * BORDER
                + CELL * lines.stream().mapToInt(String::length).max().orElseThrow();
        int height = 2 * BORDER + 2 * CELL * lines.size();
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, ground);
        for (int row = 0; row < lines.size(); row++) {
            String line = lines.get(row);
            int front = ink;
            int back = ground;
            int column = 0;
            for (int i = 0; i < line.length(); i++) {
                if (line.charAt(i) == '\033') {
                    String code = line.substring(i + 2, line.indexOf('m', i));
                    front = code.equals("0") ? ink : code.contains("38;5;16") ? BLACK : front;
                    back = code.equals("0") ? ground : code.contains("48;5;231") ? WHITE : back;
                    back = code.contains("48;5;16") ? BLACK : back;
                    i = line.indexOf('m', i);
                } else {
                    boolean upper = "\u2580\u2588".indexOf(line.charAt(i)) >= 0;
                    boolean lower = "\u2584\u2588".indexOf(line.charAt(i)) >= 0;
                    int x = BORDER + CELL * column;
                    int y = BORDER + 2 * CELL * row;
                    paint(pixels, width, x, y, upper ? front : back);
                    paint(pixels, width, x, y + CELL, lower ? front : back);
                    column++;
                }
            }
        }
        return read(width, height, pixels);
    }

    private static void paint(int[] pixels, int width, int x, int y, int colour) {
        for (int line = y; line < y + CELL; line++) {
            Arrays.fill(pixels, line * width + x, line * width + x + CELL, colour);
        }
    }

    /** One bit a pixel, grey, no filter; every chunk's checksum has to be right. */
    static String ofPng(byte[] png) throws ReaderException, DataFormatException {
        ByteBuffer in = ByteBuffer.wrap(png);
        byte[] signature = new byte[8];
        in.get(signature);
        if (!Arrays.equals(signature, new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})) {
            throw new AssertionError("no PNG");
        }
        int width = 0;
        int height = 0;
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (in.hasRemaining()) {
            byte[] typeAndData = new byte[in.getInt() + 4];
            in.get(typeAndData);
            CRC32 crc = new CRC32();
            crc.update(typeAndData);
            if ((int) crc.getValue() != in.getInt()) {
                throw new AssertionError("a checksum is wrong");
            }
            String type = new String(typeAndData, 0, 4, StandardCharsets.US_ASCII);
            if (type.equals("IHDR")) {
                width = ByteBuffer.wrap(typeAndData).getInt(4);
                height = ByteBuffer.wrap(typeAndData).getInt(8);
            } else if (type.equals("IDAT")) {
                data.write(typeAndData, 4, typeAndData.length - 4);
            }
        }
        int stride = 1 + (width + 7) / 8;
        byte[] lines = new byte[stride * height + 1];
        try (Inflater inflater = new Inflater()) {
            inflater.setInput(data.toByteArray());
            if (inflater.inflate(lines) != stride * height) {
                throw new AssertionError("too few or too many pixels");
            }
        }
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                boolean light = ((lines[y * stride + 1 + x / 8] >> (7 - x % 8)) & 1) == 1;
                pixels[y * width + x] = light ? WHITE : BLACK;
            }
        }
        return read(width, height, pixels);
    }

    private static String read(int width, int height, int[] pixels) throws ReaderException {
        return new QRCodeReader()
                .decode(
                        new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))),
                        Map.of(DecodeHintType.TRY_HARDER, true))
                .getText();
    }
}

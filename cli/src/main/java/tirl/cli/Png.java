package tirl.cli;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** PNG of one bit a pixel (ISO/IEC 15948). The JDK's own writer would need {@code java.desktop}. */
final class Png {
    /** Pixels to a side of a module: some 400 for an invitation, enough for a phone before a screen. */
    private static final int SCALE = 8;

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte ONE_BIT = 1;
    private static final byte GREY = 0;

    private Png() {}

    /** Whether a module is dark. */
    interface Modules {
        boolean isDark(int x, int y);
    }

    static byte[] of(int columns, int rows, Modules modules) {
        int width = columns * SCALE;
        int height = rows * SCALE;
        ByteBuffer header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(ONE_BIT)
                .put(GREY)
                .put(new byte[3]);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(SIGNATURE);
        png.writeBytes(chunk("IHDR", header.array()));
        png.writeBytes(chunk("IDAT", deflated(lines(width, height, modules))));
        png.writeBytes(chunk("IEND", new byte[0]));
        return png.toByteArray();
    }

    /** Each line begins with the number of its filter, 0 for none; a bit that is set is light. */
    private static byte[] lines(int width, int height, Modules modules) {
        int stride = 1 + width / Byte.SIZE;
        byte[] lines = new byte[stride * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (!modules.isDark(x / SCALE, y / SCALE)) {
                    lines[y * stride + 1 + x / Byte.SIZE] |= (byte) (0x80 >>> x % Byte.SIZE);
                }
            }
        }
        return lines;
    }

    private static byte[] deflated(byte[] bytes) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] part = new byte[4096];
            while (!deflater.finished()) {
                out.write(part, 0, deflater.deflate(part));
            }
            return out.toByteArray();
        }
    }

    private static byte[] chunk(String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        return ByteBuffer.allocate(data.length + 12)
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) crc.getValue())
                .array();
    }
}

package tirl.daemon.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/** One JSON object per line. */
public final class JsonLines {
    /** A configuration of thousands of doors fits, and an import of 10,000 devices; more is nobody's honest request. */
    private static final int MAX_REQUEST = 16_777_216;

    private JsonLines() {}

    public static String write(Object value) {
        return JSON.std.asString(value);
    }

    static void send(Writer out, Object value) throws IOException {
        out.write(write(value));
        out.write('\n');
        out.flush();
    }

    /** The next object; empty at the end of the stream. */
    static Optional<Map<String, Object>> receive(BufferedReader in) throws IOException, ControlException {
        String line = in.readLine();
        return line == null ? Optional.empty() : Optional.of(parse(line));
    }

    /** Like {@link #receive}, but refuses a line of more than {@link #MAX_REQUEST} characters before reading all of it. */
    static Optional<Map<String, Object>> receiveBounded(BufferedReader in) throws IOException, ControlException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return Optional.empty();
            }
            if (line.length() == MAX_REQUEST) {
                throw new ControlException("the request is longer than " + MAX_REQUEST + " characters");
            }
            line.append((char) c);
        }
        return Optional.of(parse(line.toString()));
    }

    private static Map<String, Object> parse(String line) throws ControlException {
        try {
            Map<String, Object> parsed = JSON.std.mapFrom(line);
            return parsed == null ? Map.of() : parsed;
        } catch (JacksonException e) {
            throw new ControlException("this is no JSON object on one line", e);
        }
    }
}

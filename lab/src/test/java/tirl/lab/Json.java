package tirl.lab;

import java.util.List;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/** Reads what the program prints with {@code --json}. */
final class Json {
    private Json() {}

    /** One array of objects. */
    static List<Map<String, Object>> array(String text) {
        return JSON.std.listFrom(text).stream().map(Json::object).toList();
    }

    static Map<String, Object> object(String text) {
        return JSON.std.mapFrom(text);
    }

    /** One object a line. A line that is still being written is left out. */
    static List<Map<String, Object>> lines(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(JSON.std::mapFrom)
                .toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object any) {
        return (Map<String, Object>) any;
    }
}

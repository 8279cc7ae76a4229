package tirl.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import tirl.config.NotationException;

/**
 * One table of the file. Getters report a wrong or missing value with its place and go on, so that all mistakes come out
 * at once; a key that nobody asked for is reported by {@link #finish}.
 */
final class Section {
    /** Turns text into a value, or says what is wrong with it. */
    interface Reading<T> {
        T read(String text) throws NotationException;
    }

    /** A value with its place in the file. */
    record Placed<T>(T value, @Nullable TomlPosition position) {}

    private final String title;
    private final TomlTable table;
    private final @Nullable TomlPosition position;
    private final Problems problems;
    private final TreeSet<String> asked = new TreeSet<>();

    /** @param title how the file writes it: {@code [daemon]}, {@code [[door]]} */
    Section(String title, TomlTable table, @Nullable TomlPosition position, Problems problems) {
        this.title = title;
        this.table = table;
        this.position = position;
        this.problems = problems;
    }

    @Nullable
    TomlPosition position() {
        return position;
    }

    @Nullable
    TomlPosition position(String key) {
        TomlPosition ofKey = table.inputPositionOf(List.of(key));
        return ofKey == null ? position : ofKey;
    }

    boolean has(String key) {
        return table.contains(List.of(key));
    }

    Optional<String> text(String key) {
        return value(key, String.class, "a text in quotes");
    }

    String requiredText(String key) {
        require(key);
        return text(key).orElse("");
    }

    boolean flag(String key, boolean otherwise) {
        return value(key, Boolean.class, "true or false").orElse(otherwise);
    }

    int number(String key, int otherwise, int least, int most) {
        long number = value(key, Long.class, "a whole number").orElse((long) otherwise);
        if (number < least || number > most) {
            problems.error(position(key), key + " is " + number + "; it goes from " + least + " to " + most);
            return otherwise;
        }
        return (int) number;
    }

    /** A text that is read by {@code reading}; {@code otherwise} when it is missing or wrong. */
    <T> T read(String key, Reading<T> reading, T otherwise) {
        return text(key)
                .flatMap(text -> read(text, position(key), key, reading))
                .orElse(otherwise);
    }

    /** A list of texts, each read by {@code reading}; wrong ones are reported and left out. */
    <T> List<Placed<T>> list(String key, Reading<T> reading) {
        List<Placed<T>> values = new ArrayList<>();
        Optional<TomlArray> array = value(key, TomlArray.class, "a list, such as [\"...\"]");
        for (int i = 0; array.isPresent() && i < array.get().size(); i++) {
            TomlPosition at = array.get().inputPositionOf(i);
            if (array.get().get(i) instanceof String text) {
                read(text, at, key, reading).ifPresent(value -> values.add(new Placed<>(value, at)));
            } else {
                problems.error(at, key + " holds texts in quotes, such as [\"...\"]");
            }
        }
        return values;
    }

    /** As {@link #list}, but a single text may stand without brackets. */
    <T> List<Placed<T>> oneOrMore(String key, Reading<T> reading) {
        if (!(table.get(List.of(key)) instanceof String)) {
            return list(key, reading);
        }
        return text(key).flatMap(text -> read(text, position(key), key, reading)).stream()
                .map(value -> new Placed<>(value, position(key)))
                .toList();
    }

    /** How many elements a list has, right or wrong. */
    int size(String key) {
        return table.get(List.of(key)) instanceof TomlArray array ? array.size() : 0;
    }

    private <T> Optional<T> read(String text, @Nullable TomlPosition at, String key, Reading<T> reading) {
        try {
            return Optional.of(reading.read(text));
        } catch (NotationException e) {
            problems.error(at, key + ": " + e.problem());
            return Optional.empty();
        }
    }

    /** Reports the key when it is missing, and when its list is empty. */
    void require(String key) {
        asked.add(key);
        Object value = table.get(List.of(key));
        if (value == null) {
            problems.error(position, title + " needs \"" + key + "\"");
        } else if (value instanceof TomlArray array && array.isEmpty()) {
            problems.error(position(key), key + " is empty");
        }
    }

    private <T> Optional<T> value(String key, Class<T> type, String wanted) {
        asked.add(key);
        Object value = table.get(List.of(key));
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            problems.error(position(key), key + " must be " + wanted);
            return Optional.empty();
        }
        return Optional.of(type.cast(value));
    }

    /** Reports keys that have no meaning here. */
    void finish() {
        for (String key : table.keySet()) {
            if (!asked.contains(key)) {
                problems.error(position(key), "\"" + key + "\" means nothing in " + title + Suggestion.of(key, asked));
            }
        }
    }
}

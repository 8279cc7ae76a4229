package tirl.client.profile;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One table of a profile; what is wrong in it is reported with its place. */
final class ProfileTable {
    private final String file;
    private final String name;
    private final TomlTable toml;

    /**
     * A table.
     *
     * @param name for messages, such as {@code [spa]}
     */
    ProfileTable(String file, String name, TomlTable toml) {
        this.file = file;
        this.name = name;
        this.toml = toml;
    }

    void onlyKeys(Set<String> keys) throws ProfileException {
        for (String key : toml.keySet()) {
            if (!keys.contains(key)) {
                throw mistake(
                        key,
                        "\"" + key + "\" is no key of " + name + "; keys are "
                                + String.join(", ", keys.stream().sorted().toList()));
            }
        }
    }

    @Nullable
    Object value(String key) {
        return toml.get(List.of(key));
    }

    boolean has(String key) {
        return toml.contains(List.of(key));
    }

    Optional<ProfileTable> table(String key) throws ProfileException {
        Object value = value(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof TomlTable table) {
            return Optional.of(new ProfileTable(file, "[" + key + "]", table));
        }
        throw mistake(key, key + " must be a table: a line [" + key + "] and its keys below");
    }

    Optional<String> text(String key) throws ProfileException {
        Object value = value(key);
        if (value == null) {
            return Optional.empty();
        }
        // A leading dash would be an option to ssh.
        if (value instanceof String text && !text.isBlank() && !text.startsWith("-")) {
            return Optional.of(text);
        }
        throw mistake(key, key + " must be a text, and not begin with a dash");
    }

    boolean flag(String key, boolean usual) throws ProfileException {
        Object value = value(key);
        if (value == null) {
            return usual;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw mistake(key, key + " must be true or false");
    }

    List<String> texts(String key) throws ProfileException {
        List<String> texts = new ArrayList<>();
        Object value = value(key);
        if (value == null) {
            return texts;
        }
        if (!(value instanceof TomlArray array)) {
            throw mistake(key, key + " must be a list of texts");
        }
        for (int i = 0; i < array.size(); i++) {
            if (!(array.get(i) instanceof String text) || text.isBlank()) {
                throw mistake(array.inputPositionOf(i), key + " must be a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    /** Key material of this length, or of any with 0. The message never has the value: it is a secret. */
    Optional<byte[]> secret(String key, int length) throws ProfileException {
        Object value = value(key);
        if (value == null) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(String.valueOf(value));
            if (bytes.length == length) {
                return Optional.of(bytes);
            }
        } catch (IllegalArgumentException noBase64) {
            // The same message: it is not what `tirl join` wrote.
        }
        throw mistake(key, key + " is damaged: it must be base64 of " + length + " bytes, as `tirl join` wrote it");
    }

    ProfileException mistake(String key, String what) {
        return mistake(toml.inputPositionOf(List.of(key)), what);
    }

    ProfileException mistake(@Nullable TomlPosition at, String what) {
        String place = at == null ? "" : ":" + at.line() + ":" + at.column();
        return new ProfileException(file + place + ": " + what);
    }

    ProfileException missing(String what) {
        return new ProfileException(file + ": " + what + " is missing");
    }
}

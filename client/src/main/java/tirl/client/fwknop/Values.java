package tirl.client.fwknop;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Values of variables: of a stanza, of a command line, or of both. */
public final class Values {
    private final EnumMap<Variable, String> all = new EnumMap<>(Variable.class);

    /** None yet. */
    public Values() {}

    /** Sets one, in place of what it is an alternative to. */
    public void set(Variable variable, String value) {
        all.put(variable, value);
    }

    /** These, and where they say nothing the others. */
    public Values over(Values lower) {
        Values merged = new Values();
        merged.all.putAll(lower.all);
        all.keySet().forEach(variable -> variable.alternatives().forEach(merged.all::remove));
        merged.all.putAll(all);
        return merged;
    }

    public Optional<String> get(Variable variable) {
        return Optional.ofNullable(all.get(variable));
    }

    String get(Variable variable, String fallback) {
        return get(variable).orElse(fallback);
    }

    /** As fwknop reads flags: whatever begins with Y is yes. */
    public boolean isYes(Variable variable) {
        String value = get(variable, "");
        return value.startsWith("Y") || value.startsWith("y");
    }

    /** In the order of a saved stanza. */
    public Set<Map.Entry<Variable, String>> entries() {
        return Collections.unmodifiableMap(all).entrySet();
    }

    /** Without secrets. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        all.forEach((variable, value) -> text.append(variable)
                .append(' ')
                .append(variable.isSecret() ? "..." : value)
                .append('\n'));
        return text.toString();
    }
}

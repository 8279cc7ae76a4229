package tirl.client.fwknop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The text of a {@code .fwknoprc}: stanzas of variables. What it does not change it leaves as it is. */
public final class RcText {
    /** The stanza whose values hold for all others. */
    public static final String DEFAULT = "default";

    private static final Pattern HEAD = Pattern.compile("\\s*\\[\\s*([^\\]]*?)\\s*\\].*");
    /** The value ends at a blank, a semicolon or a number sign. */
    private static final Pattern LINE = Pattern.compile("\\s*([A-Za-z0-9_]+)[\\s:=]+([^\\s;#]+).*");

    private final List<String> lines;
    private final Map<String, Values> stanzas = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private RcText(List<String> lines) {
        this.lines = lines;
        Optional<String> stanza = Optional.empty();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.isBlank() || line.strip().startsWith("#")) {
                continue;
            }
            Optional<String> head = head(line);
            if (head.isPresent()) {
                stanza = head;
                stanzas.putIfAbsent(head.get(), new Values());
            } else {
                read(line, i + 1, stanza);
            }
        }
    }

    /** Reads a whole file; never fails. */
    public static RcText of(String text) {
        return new RcText(text.lines().toList());
    }

    private void read(String line, int number, Optional<String> stanza) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            warnings.add("line " + number + ": no VARIABLE value; it is ignored");
        } else if (stanza.isEmpty()) {
            warnings.add("line " + number + ": " + matcher.group(1) + " is in no [stanza]; it is ignored");
        } else {
            Optional<Variable> variable = Variable.named(matcher.group(1));
            if (variable.isEmpty()) {
                warnings.add("line " + number + ": there is no variable " + matcher.group(1) + "; it is ignored"
                        + (matcher.group(1).toUpperCase(Locale.ROOT).equals("CLIENT_TIMEOUT")
                                ? "; FW_TIMEOUT is the one that fwknop reads"
                                : ""));
            }
            String name = stanza.get();
            variable.ifPresent(known -> values(name).set(known, matcher.group(2)));
        }
    }

    private Values values(String name) {
        return stanzas.computeIfAbsent(name, any -> new Values());
    }

    private static Optional<String> head(String line) {
        Matcher matcher = HEAD.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** What was not understood, each with its line. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Without the default. */
    public List<String> names() {
        return stanzas.keySet().stream().filter(name -> !name.equals(DEFAULT)).toList();
    }

    public Optional<Values> stanza(String name) {
        return Optional.ofNullable(stanzas.get(name));
    }

    /** The text with this stanza, in place of one that has its name, or at the end. */
    public String with(String name, Values values) {
        List<String> stanza = new ArrayList<>(List.of("[" + name + "]"));
        values.entries()
                .forEach(each -> stanza.add(String.format(Locale.ROOT, "%-27s %s", each.getKey(), each.getValue())));
        List<String> all = new ArrayList<>();
        boolean written = false;
        boolean dropping = false;
        for (String line : lines) {
            Optional<String> head = head(line);
            if (head.isPresent()) {
                dropping = head.get().equals(name);
                if (dropping && !written) {
                    all.addAll(stanza);
                    all.add("");
                    written = true;
                }
            }
            if (!dropping) {
                all.add(line);
            }
        }
        Stream<String> missing = lines.isEmpty() ? Stream.of("[" + DEFAULT + "]", "") : Stream.empty();
        Stream<String> tail = written ? Stream.empty() : Stream.concat(missing, stanza.stream());
        return String.join("\n", Stream.concat(all.stream(), tail).toList()) + "\n";
    }

    /** A value that would not be read back as it was written. */
    public static boolean isWritable(String value) {
        return !value.isEmpty() && value.chars().noneMatch(c -> c <= ' ' || c == ';' || c == '#');
    }
}

package tirl.lab.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The one table, and the figures that it was made of. */
final class Report {
    private final List<String> lines = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<Fact, Double> facts = new EnumMap<>(Fact.class);
    private int failures;
    private int missed;

    /** A figure of ours, a peer's beside it, and how many times better ours has to be. */
    record Duel(String what, String unit, double ours, String peer, double theirs) {
        /** Less is better. */
        double factor() {
            return theirs / ours;
        }
    }

    /** Less is better, and at least so many times less is wanted. */
    void less(Duel duel, double wanted) {
        line(duel, duel.factor(), wanted);
    }

    /** More is better, and at least so many times more is wanted. */
    void more(Duel duel, double wanted) {
        line(duel, duel.ours() / duel.theirs(), wanted);
    }

    private void line(Duel duel, double factor, double wanted) {
        boolean met = factor >= wanted;
        missed += met ? 0 : 1;
        row(
                duel.what(),
                Figures.number(duel.ours()) + " " + duel.unit(),
                duel.peer() + ": " + Figures.number(duel.theirs()) + " " + duel.unit(),
                Figures.number(factor) + " x",
                wanted > 0 ? "at least " + Figures.number(wanted) + " x" : "",
                wanted > 0 ? met ? "yes" : "**no**" : "");
    }

    /** A figure of ours that may not be more than so much. */
    void atMost(String what, double ours, String unit, double limit, String beside) {
        boolean met = ours <= limit;
        missed += met ? 0 : 1;
        row(
                what,
                Figures.number(ours) + " " + unit,
                beside,
                "",
                "at most " + Figures.number(limit) + " " + unit,
                met ? "yes" : "**no**");
    }

    /** How many of how many honest attempts came through; all have to. */
    void all(String what, long came, long of, String beside) {
        boolean met = came == of && of > 0;
        missed += met ? 0 : 1;
        row(what, came + " of " + of, beside, "", "all", met ? "yes" : "**no**");
    }

    /** A figure without a mark to meet. */
    void plain(String what, String ours, String beside) {
        row(what, ours, beside, "", "", "");
    }

    private void row(String... cells) {
        String line = "| " + String.join(" | ", cells) + " |";
        lines.add(line);
        System.out.println(line);
    }

    /** A figure that says how much one host carries. */
    void fact(Fact fact, double value) {
        facts.put(fact, value);
    }

    /** Something that the table is made of, or that explains it. */
    void note(String format, Object... values) {
        String note = String.format(Locale.ROOT, format, values);
        notes.add(note);
        System.out.println("  " + note);
    }

    /** A row that could not be measured. The message may hold a whole log, of which the table gets the beginning. */
    void failed(String group, RuntimeException why) {
        failures++;
        String message = String.valueOf(why.getMessage());
        row("row " + group + " FAILED", message.lines().findFirst().orElse("?"), "", "", "", "");
        message.lines().limit(20).forEach(System.err::println);
        for (StackTraceElement frame : why.getStackTrace()) {
            System.err.println("    at " + frame);
        }
    }

    boolean isWhole() {
        return failures == 0;
    }

    private String verdict() {
        String marks = missed == 0 ? "All marks are met." : missed + " marks are missed.";
        return failures == 0 ? marks : failures + " groups could not be measured. " + marks;
    }

    /** The page that is kept. */
    String markdown(String head) {
        return head + "\n| measured | tirl | beside it | ratio | wanted | met |\n|---|---|---|---|---|---|\n"
                + String.join("\n", lines) + "\n\n" + verdict() + Limits.of(facts)
                + "\n\n## The figures\n\n- " + String.join("\n- ", notes) + "\n";
    }
}

package tirl.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A manual page in man(7)'s format, made of what {@code --help} says: the two cannot tell different things. */
final class ManPage {
    private static final String SECTION = "1";

    private final StringBuilder text = new StringBuilder();
    private final CommandSpec spec;

    private ManPage(CommandSpec spec) {
        this.spec = spec;
    }

    /** Such as {@code tirl-devices-revoke}. */
    static String name(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    static String of(CommandLine command) {
        return new ManPage(command.getCommandSpec()).write();
    }

    private String write() {
        line(".\\\" Made of the texts of --help by ManPagesTest; do not edit.");
        line(".TH " + name(spec).toUpperCase(Locale.ROOT) + " " + SECTION + " \"\" tirl \"tirl\"");
        head("NAME");
        String[] described = spec.usageMessage().description();
        String first = described.length == 0 ? "" : described[0];
        int stop = first.indexOf(". ");
        line(name(spec).replace("-", "\\-") + " \\- " + escape(plain(stop < 0 ? first : first.substring(0, stop))));
        head("SYNOPSIS");
        line(".nf");
        for (String synopsis : help().synopsis(0).split("\n", -1)) {
            line(escape(synopsis.stripTrailing()));
        }
        line(".fi");
        head("DESCRIPTION");
        for (String paragraph : described) {
            line(escape(plain(paragraph)));
            line(".br");
        }
        arguments();
        commands();
        footer();
        seeAlso();
        return text.toString();
    }

    private CommandLine.Help help() {
        return new CommandLine.Help(spec, CommandLine.Help.defaultColorScheme(Ansi.OFF));
    }

    private void arguments() {
        List<PositionalParamSpec> parameters = spec.positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .sorted(Comparator.comparing(PositionalParamSpec::index))
                .toList();
        List<OptionSpec> options = spec.options().stream()
                .filter(option -> !option.hidden())
                // The order of fields is not Java's to keep.
                .sorted(Comparator.comparing(ManPage::key).thenComparing(OptionSpec::longestName))
                .toList();
        if (parameters.isEmpty() && options.isEmpty()) {
            return;
        }
        head("OPTIONS");
        for (PositionalParamSpec parameter : parameters) {
            argument("\\fI" + escape(parameter.paramLabel()) + "\\fR", parameter);
        }
        for (OptionSpec option : options) {
            String names = String.join(
                    ", ",
                    Arrays.stream(option.names())
                            .map(name -> "\\fB" + escape(name) + "\\fR")
                            .toList());
            argument(
                    option.arity().max() == 0 ? names : names + " \\fI" + escape(option.paramLabel()) + "\\fR", option);
        }
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "").toLowerCase(Locale.ROOT);
    }

    private void argument(String what, ArgSpec argument) {
        line(".TP");
        line(what);
        for (String description : argument.description()) {
            line(escape(plain(description)));
        }
    }

    private void commands() {
        if (spec.subcommands().isEmpty()) {
            return;
        }
        head("COMMANDS");
        spec.subcommands().forEach((name, command) -> {
            if (name.equals(command.getCommandName())) {
                line(".TP");
                line("\\fB" + escape(name) + "\\fR");
                String[] description = command.getCommandSpec().usageMessage().description();
                line(escape(name.equals("help") ? "the help of a command" : plain(String.join(" ", description))));
            }
        });
    }

    /** A line that ends with a colon heads what follows; what is indented stays as it is. */
    private void footer() {
        if (spec.usageMessage().footer().length == 0) {
            return;
        }
        line(".SH NOTES");
        line(".nf");
        for (String footer : spec.usageMessage().footer()) {
            line(escape(plain(footer)));
        }
        line(".fi");
    }

    private void seeAlso() {
        head("SEE ALSO");
        CommandSpec parent = spec.parent();
        line(escape(
                parent == null
                        ? "Each command has a page of its own, such as tirl-serve(1). The configuration: configuration.md"
                        : name(parent) + "(1)"));
    }

    private void head(String title) {
        line(".SH " + title);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /** Without picocli's escapes. */
    private static String plain(String described) {
        return described.replace("%%", "%");
    }

    /** A dash is one that can be copied; no line begins with what man takes for a command. */
    private static String escape(String plain) {
        String escaped = plain.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}

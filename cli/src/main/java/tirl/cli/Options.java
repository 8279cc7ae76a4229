package tirl.cli;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Declares options and arguments without annotations, and reads what was given. */
final class Options {
    private Options() {}

    /** A command with this name, with what its help says. */
    static CommandSpec command(@Nullable Declared command, String name, String description, String... footer) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name).versionProvider(new Version());
        spec.usageMessage().description(description).footer(footer);
        return spec;
    }

    /** With these and {@code --help} and {@code --version}. */
    static CommandSpec withShared(CommandSpec spec, SharedOptions... parts) {
        for (SharedOptions shared : parts) {
            SharedOptions.join(spec, shared);
        }
        return standardOptions(spec);
    }

    /** {@code --help} and {@code --version} in picocli's words, as the annotated commands have them. */
    static CommandSpec standardOptions(CommandSpec spec) {
        return spec.addOption(help("Show this help message and exit."))
                .addOption(version("Print version information and exit."));
    }

    static OptionSpec help(String description) {
        return option(description, "-h", "--help").usageHelp(true).build();
    }

    static OptionSpec version(String description) {
        return option(description, "-V", "--version").versionHelp(true).build();
    }

    /** An option without a value. */
    static OptionSpec flag(String description, String... names) {
        return option(description, names).build();
    }

    /** An option with a value. */
    static OptionSpec text(String label, String description, String... names) {
        return option(description, names)
                .type(String.class)
                .arity("1")
                .paramLabel(label)
                .build();
    }

    /** An option with a value, which may be given many times. */
    static OptionSpec texts(String label, String description, String... names) {
        return option(description, names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .build();
    }

    private static OptionSpec.Builder option(String description, String... names) {
        return OptionSpec.builder(names).description(description);
    }

    /** A word that has to be there. */
    static PositionalParamSpec word(String label, String description) {
        return PositionalParamSpec.builder()
                .index("0")
                .type(String.class)
                .arity("1")
                .required(true)
                .paramLabel(label)
                .description(description)
                .build();
    }

    static boolean given(OptionSpec flag) {
        return Boolean.TRUE.equals(flag.getValue());
    }

    static Optional<String> value(ArgSpec text) {
        return Optional.ofNullable(text.getValue());
    }

    static List<String> values(ArgSpec texts) {
        List<String> values = texts.getValue();
        return values == null ? List.of() : values;
    }
}

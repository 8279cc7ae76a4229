package tirl.cli;

import java.lang.reflect.Field;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options that several commands have. A command has them by a field of such a type. */
interface SharedOptions {
    List<OptionSpec> options();

    /** Gives a command that has annotations, and those below it, the shared options of its fields. */
    static void join(CommandLine line) {
        Object command = line.getCommand();
        for (Field field : command.getClass().getDeclaredFields()) {
            if (SharedOptions.class.isAssignableFrom(field.getType())) {
                join(line.getCommandSpec(), of(field, command));
            }
        }
        line.getSubcommands().values().forEach(SharedOptions::join);
    }

    static void join(CommandSpec spec, SharedOptions shared) {
        shared.options().forEach(spec::addOption);
    }

    private static SharedOptions of(Field field, Object command) {
        try {
            field.setAccessible(true);
            return (SharedOptions) field.get(command);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(field + " is closed to its own package", e);
        }
    }
}

package tirl.cli;

import java.lang.reflect.Field;
import picocli.CommandLine;

/**
 * For each kind of annotation that is looked at Java makes a class at run time, some milliseconds of work, and no cache can hold it. A
 * second processor makes those of a command's fields while the first one is still at its beginning.
 */
final class LookAhead {
    private LookAhead() {}

    /** Begins with the command that the first word names, if it names one. */
    static void begin(String... args) {
        Class<?> named = args.length == 0 ? null : Subcommands.all().get(args[0]);
        if (named != null && Runtime.getRuntime().availableProcessors() > 1) {
            Thread _ = Thread.ofPlatform().daemon().name("look-ahead").start(() -> look(named));
        }
    }

    private static void look(Class<?> command) {
        for (Field field : command.getDeclaredFields()) {
            if (field.isAnnotationPresent(CommandLine.Mixin.class)) {
                look(field.getType());
            }
        }
    }
}

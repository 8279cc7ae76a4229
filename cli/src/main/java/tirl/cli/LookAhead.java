package tirl.cli;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import tirl.client.profile.ProfileException;

/**
 * For each kind of annotation that is looked at Java makes a class at run time, some milliseconds of work, and no cache can hold it. A
 * second processor makes those of a command's fields, if it has any, while the first one is still at its beginning, and practises what
 * the command will do.
 */
final class LookAhead {
    private LookAhead() {}

    /** Begins with the command that the first word names, if it names one. */
    static void begin(String... args) {
        Class<?> named = args.length == 0 ? null : Subcommands.all().get(args[0]);
        if (named != null && Runtime.getRuntime().availableProcessors() > 1) {
            Thread _ = beside(named, args);
        }
    }

    /** What goes wrong goes wrong once more for who asks next, and he tells. */
    static Thread beside(Class<?> command, String... words) {
        return Thread.ofPlatform()
                .daemon()
                .name("look-ahead")
                .uncaughtExceptionHandler((_, _) -> {})
                .start(() -> {
                    List<Field> _ = look(command);
                    practise(command, List.of(words));
                });
    }

    private static void practise(Class<?> command, List<String> words) {
        try {
            for (Field field : command.getDeclaredFields()) {
                if (Practised.class.isAssignableFrom(field.getType())) {
                    Practised part =
                            (Practised) field.getType().getDeclaredConstructor().newInstance();
                    part.practise(words);
                }
            }
        } catch (IOException | ProfileException | ReflectiveOperationException e) {
            // Who does it in earnest tells.
        }
    }

    /** The fields that were looked at. */
    static List<Field> look(Class<?> command) {
        List<Field> looked = new ArrayList<>();
        for (Field field : command.getDeclaredFields()) {
            looked.add(field);
            if (field.isAnnotationPresent(CommandLine.Mixin.class)
                    || field.isAnnotationPresent(CommandLine.ArgGroup.class)) {
                looked.addAll(look(field.getType()));
            }
        }
        return looked;
    }
}

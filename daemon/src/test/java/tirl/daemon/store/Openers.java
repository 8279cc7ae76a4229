package tirl.daemon.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Set;
import java.util.function.Consumer;

/** The real file, with a word said before and after each step that changes it. */
public final class Openers {
    private static final Set<String> STEPS = Set.of("commit", "executeUpdate", "execute");

    private Openers() {}

    public static Store.Opener watched(Consumer<String> steps) {
        return directory -> watched(StoreFile.open(directory), Connection.class, steps);
    }

    private static <T> T watched(T target, Class<T> type, Consumer<String> steps) {
        return type.cast(Proxy.newProxyInstance(
                Openers.class.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    boolean isStep = STEPS.contains(method.getName());
                    if (isStep) {
                        steps.accept("before " + method.getName());
                    }
                    Object result;
                    try {
                        result = method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (isStep) {
                        steps.accept("after " + method.getName());
                    }
                    return switch (result) {
                        case PreparedStatement statement -> watched(statement, PreparedStatement.class, steps);
                        case Statement statement -> watched(statement, Statement.class, steps);
                        case null, default -> result;
                    };
                }));
    }
}

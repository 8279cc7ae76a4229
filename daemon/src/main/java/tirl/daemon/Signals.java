package tirl.daemon;

import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * Unix signals. The JDK has no supported way to hear of SIGHUP but sun.misc.Signal (module jdk.unsupported, JEP 260), and
 * javac's warning about it cannot be suppressed: hence by reflection.
 */
public final class Signals {
    private Signals() {}

    /**
     * HUP reloads, TERM and INT stop; {@code stop} gets the number of the signal. The tasks run on a thread of the JVM and
     * must only pass the word on.
     */
    public static void handle(Runnable reload, IntConsumer stop) {
        try {
            on("HUP", reload);
            on("TERM", () -> stop.accept(15));
            on("INT", () -> stop.accept(2));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has no sun.misc.Signal; tirl needs JDK 25", e);
        }
    }

    private static void on(String name, Runnable task) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
            task.run();
            return null;
        });
        Object of = signal.getConstructor(String.class).newInstance(name);
        Object _ = signal.getMethod("handle", signal, handler).invoke(null, of, proxy);
    }
}

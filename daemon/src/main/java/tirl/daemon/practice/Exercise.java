package tirl.daemon.practice;

/** Done again and again until the JVM has compiled what it does; closed after the last time. */
public interface Exercise extends Runnable, AutoCloseable {
    @Override
    default void close() {}
}

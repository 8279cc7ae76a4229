package tirl.daemon;

import sun.misc.Signal;

/** Unix signals. The JDK has no supported way to hear of SIGHUP; this one has been there since 1.3. */
@SuppressWarnings("sunapi")
final class Signals {
    private Signals() {}

    /** HUP reloads, TERM and INT stop. The tasks run on a thread of the JVM and must only pass the word on. */
    static void handle(Runnable reload, Runnable stop) {
        Signal.handle(new Signal("HUP"), _ -> reload.run());
        Signal.handle(new Signal("TERM"), _ -> stop.run());
        Signal.handle(new Signal("INT"), _ -> stop.run());
    }
}

package tirl.linux.libc;

/** Every process that a session leader started and that did not leave its group, also those whose parent is gone. */
public record ProcessGroup(int id) {
    private static final NativeCall KILL = new NativeCall("kill", 2);
    private static final int TERM = 15;
    private static final int FORCED = 9;

    public ProcessGroup {
        // kill(2) takes 0, -1 and -0 for groups that nobody here means.
        if (id <= 1) {
            throw new IllegalArgumentException("no process group: " + id);
        }
    }

    /** Whether a member is left. */
    public boolean isAlive() {
        return signal(0);
    }

    public void terminate() {
        signal(TERM);
    }

    public void kill() {
        signal(FORCED);
    }

    private boolean signal(int number) {
        try {
            int _ = KILL.invoke(-id, number);
            return true;
        } catch (LibcException nobodyLeft) {
            return false;
        }
    }
}

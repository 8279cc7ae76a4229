package tirl.daemon.command;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tirl.linux.libc.ProcessGroup;

/** The end of a command that ran too long: it and all it started are told to end, and killed when they do not. */
final class Ending {
    /** How often it is looked whether they are gone; nothing reports the end of a process that is not our child. */
    private static final long LOOK_MILLIS = 20;

    /** Those with the shell in its group, also if their parent has ended. */
    private final Optional<ProcessGroup> group;
    /** Those that left the group but not their parents. */
    private final List<ProcessHandle> descendants;

    private final Process process;

    Ending(Process process, boolean leadsGroup) {
        this.process = process;
        group = leadsGroup ? Optional.of(new ProcessGroup(Math.toIntExact(process.pid()))) : Optional.empty();
        descendants = process.descendants().toList();
    }

    void end(Duration grace) throws InterruptedException {
        group.ifPresent(ProcessGroup::terminate);
        process.destroy();
        descendants.forEach(ProcessHandle::destroy);
        long deadline = System.nanoTime() + grace.toNanos();
        while (anyAlive() && System.nanoTime() < deadline) {
            Thread.sleep(LOOK_MILLIS);
        }
        if (anyAlive()) {
            group.ifPresent(ProcessGroup::kill);
            process.destroyForcibly();
            descendants.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private boolean anyAlive() {
        return process.isAlive()
                || group.map(ProcessGroup::isAlive).orElse(false)
                || descendants.stream().anyMatch(ProcessHandle::isAlive);
    }
}

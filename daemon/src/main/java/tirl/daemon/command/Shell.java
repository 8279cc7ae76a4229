package tirl.daemon.command;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tirl.daemon.background.Background;

/** Runs one command with the system's shell and waits for its end. */
final class Shell {
    /**
     * setsid(1) becomes the shell, so it costs an exec but no further process; without it the commands stay in the
     * session of the daemon, and a process whose parent has ended escapes the time limit.
     */
    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private static final File NOTHING = new File("/dev/null");

    private final Path directory;
    private final CommandLimits limits;
    private final OutputReader outputs;
    private final boolean ownSession = Files.isExecutable(SETSID);

    Shell(Path directory, CommandLimits limits, OutputReader outputs) {
        this.directory = directory;
        this.limits = limits;
        this.outputs = outputs;
    }

    void run(String text, CommandListener listener) {
        Process process;
        CommandOutput output;
        try {
            output = new CommandOutput(listener, limits.outputBytes());
            process = start(text, output);
        } catch (IOException e) {
            listener.failedToStart(String.valueOf(e.getMessage()));
            return;
        }
        outputs.follow(output);
        await(process, listener);
        output.finish();
        listener.finished(process.exitValue());
    }

    private Process start(String text, CommandOutput output) throws IOException {
        List<String> shell = List.of("/bin/sh", "-c", text);
        ProcessBuilder builder = new ProcessBuilder();
        if (ownSession) {
            builder.command().add(SETSID.toString());
        }
        builder.command().addAll(shell);
        builder.directory(directory.toFile())
                .redirectInput(Redirect.from(NOTHING))
                .redirectOutput(Redirect.to(output.target()))
                .redirectErrorStream(true);
        // Else a tirl that the command starts would believe that this daemon waits for it.
        builder.environment().remove(Background.VARIABLE);
        try {
            Process process = builder.start();
            output.started();
            return process;
        } catch (IOException e) {
            output.close();
            throw e;
        }
    }

    private void await(Process process, CommandListener listener) {
        try {
            if (limits.time().isEmpty()) {
                int _ = process.waitFor();
            } else if (!process.waitFor(limits.time().get())) {
                listener.timedOut();
                new Ending(process, ownSession).end(limits.grace());
                int _ = process.waitFor();
            }
        } catch (InterruptedException nobodyDoes) {
            throw new IllegalStateException(nobodyDoes);
        }
    }
}

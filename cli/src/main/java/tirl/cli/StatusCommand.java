package tirl.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.control.ControlException;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show what a running daemon guards, hears and has done.",
        footer = {"", "Example: tirl status --json"})
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Override
    public Integer call() throws ControlException {
        output.print(control.client().ask(Map.of("command", "status")), this::describe);
        return 0;
    }

    private void describeSpa(Map<?, ?> spa) {
        if (spa.containsKey("trouble")) {
            output.line("SPA          NOT heard: %s", spa.get("trouble"));
            return;
        }
        output.line(
                "SPA          heard on %s, knows %s keys; admitted %s, denied %s",
                spa.get("hears"), spa.get("keys"), spa.get("admitted"), spa.get("denied"));
        output.line(
                "             %s wait for the disk, %s did not get there; answered %s, not answered %s",
                spa.get("waiting"), spa.get("not-written"), spa.get("answers"), spa.get("answers-failed"));
        output.line("             key agreements by %s", spa.get("agreements-by"));
        output.line("SPA refused  %s", spa.get("refused"));
    }

    private void describe(Object result) {
        if (!(result instanceof Map<?, ?> status)) {
            return;
        }
        output.line("up           %s s", status.get("up"));
        output.line("guarded      %s", Output.words(status.get("guarded")));
        output.line("doors        %s", Output.words(status.get("doors")));
        if (status.get("trial") instanceof Map<?, ?> trial) {
            output.line("on trial     %s, back in %s s unless confirmed", trial.get("name"), trial.get("left"));
        }
        if (status.containsKey("not-in-use")) {
            output.line(
                    "NOT in use   %s; in force is what was confirmed last. `tirl reload` goes over to the file",
                    status.get("not-in-use"));
        }
        output.line("leases       %s", status.get("leases"));
        output.line("half-done    %s", status.get("half-done"));
        output.line("opened       %s", status.get("opened"));
        output.line("denied       %s", status.get("denied"));
        output.line("rejected     %s", status.get("rejected"));
        output.line("packets      %s", status.get("packets"));
        if (status.get("spa") instanceof Map<?, ?> spa) {
            describeSpa(spa);
        }
        output.line("store        %s", status.get("store"));
        if (status.get("interfaces") instanceof List<?> interfaces) {
            for (Object one : interfaces) {
                if (one instanceof Map<?, ?> fields) {
                    output.line(
                            "interface    %s: %s, %s received, %s dropped",
                            fields.get("interface"),
                            Boolean.TRUE.equals(fields.get("listening")) ? "listening" : "NOT listening",
                            fields.get("received"),
                            fields.get("dropped"));
                }
            }
        }
    }
}

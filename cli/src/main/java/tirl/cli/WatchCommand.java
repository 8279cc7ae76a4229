package tirl.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tirl.daemon.control.ControlException;

@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Show each knock as it happens, and why it did or did not open, until interrupted.",
        footer = {"", "Example: tirl watch --json | jq .event"})
final class WatchCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Override
    public Integer call() throws ControlException {
        control.client().watch(event -> {
            output.print(event, this::describe);
            return true;
        });
        return 0;
    }

    private void describe(Object event) {
        if (!(event instanceof Map<?, ?> fields)) {
            return;
        }
        StringBuilder rest = new StringBuilder();
        fields.forEach((key, value) -> {
            if (!"event".equals(key) && !"source".equals(key) && !"door".equals(key) && !"doors".equals(key)) {
                rest.append("  ").append(key).append(' ').append(Output.words(value));
            }
        });
        output.line("%-9s %s %s%s", fields.get("event"), fields.get("source"), fields.get("door"), rest);
    }
}

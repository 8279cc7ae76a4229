package tirl.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tirl.daemon.control.ControlException;

@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = {
            "Complete an invitation without a packet: with the line that `tirl join --offline` printed.",
            "The key in it is public, but make sure that it is the right one."
        },
        footer = {
            "",
            "Examples:",
            "  tirl devices key anna-laptop TIRLKEY:AGFK...",
            "  tirl devices key anna-laptop < key.txt",
        })
final class DevicesKeyCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions control = new ControlOptions();

    private final Output output = new Output();

    @Parameters(index = "0", paramLabel = "NAME", description = "of the open invitation")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "TIRLKEY", description = "default: from standard input")
    private @Nullable String key;

    @Override
    public Integer call() throws ControlException, IOException {
        String line = key != null ? key : read();
        Object result = control.client().ask(Map.of("command", "device-key", "name", name, "key", line));
        output.print(result, text -> output.line("%s", text));
        return 0;
    }

    private static String read() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        String line = in.readLine();
        while (line != null && line.isBlank()) {
            line = in.readLine();
        }
        if (line == null) {
            throw new IOException("there is no key on standard input; `tirl join --offline` prints it on the device");
        }
        return line.strip();
    }
}
